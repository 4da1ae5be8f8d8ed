/** Paths that a page with the token may not reach, tried over every method that takes one: nothing is read or changed. */
import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { decodeFrame, encodeFrame } from '#engine/common/rpc/frame-codec.ts'
import { type Host, startHost } from './browser-hosts.ts'
import { pathMethods } from './commands.ts'
import { noteEnd, noteLoss, outcome, type Part } from './outcome.ts'

const secret = 'the-secret-that-no-page-may-read'
const answerSeconds = 30

const replySchema = z.object({
  kind: z.string(),
  id: z.number().optional(),
  error: z.object({ code: z.string() }).optional()
})

type Calls = { readonly call: (method: string, given: unknown) => Promise<{ end: string; text: string }> }

/** Calls of the host's methods, by the frames of its socket. */
async function openCalls({ address, token }: Host): Promise<Calls> {
  const socket = new WebSocket(`ws://${address.host}/`, ['anchorage', `token.${token}`], {
    origin: address.origin
  })
  socket.binaryType = 'arraybuffer'
  const waiting = new Map<number, (answer: { end: string; text: string }) => void>()
  socket.on('message', (data) => {
    if (!(data instanceof ArrayBuffer)) return
    const message = decodeFrame(new Uint8Array(data))
    const { kind, id, error } = replySchema.parse(message)
    if (id === undefined || kind === 'progress') return
    waiting.get(id)?.({ end: error?.code ?? kind, text: JSON.stringify(message) })
    waiting.delete(id)
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  let last = 0
  return {
    call: (method, given) =>
      new Promise((resolve) => {
        const id = last++
        waiting.set(id, resolve)
        setTimeout(
          () => resolve({ end: `no answer in ${answerSeconds} s`, text: '' }),
          answerSeconds * 1000
        ).unref()
        socket.send(encodeFrame({ kind: 'call', id, method, arguments: given }))
      })
  }
}

/** What lies below a folder, or the files named of it, by name, kind and contents. */
async function contentsOf(folder: string, names?: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const name of names ?? (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name)
    const found = await lstat(path)
    hash.update(`${name}\n`)
    if (found.isSymbolicLink()) hash.update(await readlink(path))
    else if (found.isFile()) hash.update(await readFile(path))
  }
  return hash.digest('hex')
}

type World = {
  readonly root: string
  /** What must stay as it is. */
  readonly kept: () => Promise<string>
  readonly attempts: readonly string[]
}

/** Files of strangers, and those that a page may replace none of. */
const foreignFiles = ['id', 'secret.yaml', 'secret.txt', 'test.jsonl', 'old.zip', 'p.anchorage', 'secret.csv']
const documents = ['id', 'old.zip']
/** Links among the work that lead out, and where. */
const links: Readonly<Record<string, string>> = {
  'link.yaml': 'secret.yaml',
  'link.zip': 'old.zip',
  'link.anchorage': 'p.anchorage',
  'link.jsonl': 'test.jsonl',
  'link.txt': 'secret.txt',
  link: '.',
  'relation/test.jsonl': 'test.jsonl'
}
const ways = [
  ...['../neighbour', 'work/../../neighbour', 'work/x/../../../neighbour', 'work/relation', '.ssh/../.ssh'],
  ...[
    'documents/x/..',
    'work/x/..',
    '.bashrc',
    '.bashrc/..',
    '.',
    '..',
    '../..',
    '\u0000',
    'work/\u0000.yaml'
  ],
  ...Object.keys(links).map((link) => `work/${link}`)
]
const elsewhere = ['/', '/etc/passwd', '/proc/self/environ', '/dev/zero', '/dev/stdin', '//etc/passwd']
const noPaths = [
  '~/.ssh/id',
  '%2e%2e/neighbour/secret.yaml',
  '',
  'a'.repeat(10_000),
  '../neighbour/secret.yaml'
]

/** A home with documents, hidden files and a neighbour, and the paths that are tried. */
async function makeWorld(folder: string): Promise<World> {
  const root = join(folder, 'home')
  const places = {
    outside: join(folder, 'neighbour'),
    hidden: join(root, '.ssh'),
    documents: join(root, 'documents')
  }
  for (const place of [...Object.values(places), join(root, 'work/relation')])
    await mkdir(place, { recursive: true })
  const text = JSON.stringify({ sub: secret, obj: secret, text: secret, label: 'a' })
  for (const name of foreignFiles) {
    await writeFile(join(places.outside, name), text)
    await writeFile(join(places.hidden, name), text)
  }
  for (const name of documents) await writeFile(join(places.documents, name), text)
  await writeFile(join(root, '.bashrc'), secret)
  for (const [link, aim] of Object.entries(links))
    await symlink(join(places.outside, aim), join(root, 'work', link))
  const names = [...foreignFiles, '', 'new.yaml', 'new.zip', 'new.anchorage']
  return {
    root,
    kept: async () =>
      [
        await contentsOf(places.outside),
        await contentsOf(places.hidden),
        // What is new among documents is no harm.
        await contentsOf(places.documents, documents)
      ].join(),
    attempts: [
      ...Object.values(places).flatMap((place) => names.map((name) => join(place, name))),
      ...ways.map((way) => `${root}/${way}`),
      ...elsewhere,
      ...noPaths
    ]
  }
}

/** What did not hold of one call, or undefined. */
function lossOf(end: string, text: string, isChanged: boolean, hasEnded: boolean): string | undefined {
  if (end.startsWith('no answer')) return end
  if (hasEnded) return 'the host has ended'
  if (text.includes(secret)) return 'the secret was answered'
  return isChanged ? 'a file was changed' : undefined
}

export const torturePaths: Part = async ({ until, folder }) => {
  const result = outcome('paths over the WebSocket')
  const { root, kept, attempts } = await makeWorld(folder)
  const host = await startHost(root, join(folder, 'settings'))
  const { call } = await openCalls(host)
  await call('project.create', { path: join(root, 'work/project.anchorage') })
  let before = await kept()
  const tries = attempts.flatMap((path) => pathMethods.map(([method, make]) => ({ path, method, make })))
  for (const { path, method, make } of tries) {
    if (performance.now() >= until) break
    const given: unknown = JSON.parse(
      JSON.stringify(make(path)).replaceAll('{inside}', `${root}/work/relation`)
    )
    const started = performance.now()
    const { end, text } = await call(method, given)
    const milliseconds = performance.now() - started
    const after = await kept()
    const loss = lossOf(end, text, after !== before, host.hasEnded())
    if (loss === undefined) noteEnd(result, end, milliseconds)
    else noteLoss(result, `${method} ${JSON.stringify(path.slice(0, 200))}: ${loss}`, milliseconds)
    before = after
  }
  host.child.kill('SIGTERM')
  return [result]
}
