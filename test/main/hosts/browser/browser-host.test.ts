/** The browser host's defences: each attack is a request that must be refused. */
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import { type BrowserHost, startBrowserHost } from '#main/hosts/browser/browser-host.ts'
import { openFileRoots } from '#main/hosts/page/file-roots.ts'
import * as pageFiles from '#main/hosts/page/page-files.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** A host whose page is one small file, with a secret beside the page's folder and a link to it. */
async function startSmallHost(): Promise<{ host: BrowserHost; address: URL; folder: string }> {
  const folder = await temporaryFolder()
  const page = join(folder, 'page')
  await mkdir(page)
  await writeFile(join(page, 'index.html'), '<style nonce="__STYLE_NONCE__"></style>')
  await writeFile(join(folder, 'secret.html'), 'secret')
  await symlink(join(folder, 'secret.html'), join(page, 'link.html'))
  const host = await startBrowserHost({
    engine: engineInProcess(),
    pageFolder: page,
    roots: [page],
    sampleFolder: join(folder, 'sample'),
    documents: folder,
    recentFile: join(folder, 'recent.json'),
    port: 0,
    log: pino({ level: 'silent' })
  })
  onTestFinished(() => host.close())
  return { host, address: new URL(host.url), folder }
}

type Answer = { status: number; body: string; policy: string }

/** A plain request, whose path is sent as it stands. */
function get(
  address: URL,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET'
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: address.port, path, method, headers }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body,
          policy: String(response.headers['content-security-policy'])
        })
      )
    })
    sent.once('error', reject)
    sent.end()
  })
}

type Attempt = { origin?: string; host?: string; token?: string }

/** `open`, or the status that a connection was refused with. */
function connect(address: URL, attempt: Attempt): Promise<string> {
  const token = attempt.token ?? new URLSearchParams(address.hash.slice(1)).get('token')
  const socket = new WebSocket(`ws://127.0.0.1:${address.port}/`, ['anchorage', `token.${token}`], {
    origin: attempt.origin ?? address.origin,
    headers: attempt.host === undefined ? {} : { host: attempt.host }
  })
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.close()
      resolve('open')
    })
    socket.once('unexpected-response', (_, response) => resolve(String(response.statusCode)))
    socket.once('error', () => {})
  })
}

describe('connections', () => {
  it('are open to our own page with the token', async () => {
    const { address } = await startSmallHost()
    expect(await connect(address, {})).toBe('open')
  })

  it.each<[string, Attempt]>([
    ['another page', { origin: 'http://evil.example' }],
    ['a page on another port of this computer', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed page', { origin: 'null' }],
    ['another name for this computer', { host: 'evil.example' }],
    ['a wrong token', { token: '0'.repeat(48) }],
    ['no token', { token: '' }]
  ])('are refused to %s', async (_, attempt) => {
    const { address } = await startSmallHost()
    expect(await connect(address, attempt)).toBe('403')
  })
})

/** An upgrade request, and a reset in place of waiting for its answer. */
function askAndReset(address: URL, token: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connectSocket({ host: '127.0.0.1', port: Number(address.port) }, () => {
      socket.write(
        `GET / HTTP/1.1\r\nHost: ${address.host}\r\nOrigin: ${address.origin}\r\nUpgrade: websocket\r\n` +
          'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
          `Sec-WebSocket-Protocol: anchorage, token.${token}\r\n\r\n`,
        () => socket.resetAndDestroy()
      )
    })
    socket.once('close', () => resolve())
    socket.on('error', () => {})
  })
}

it('a connection that is reset in the middle of its request does not end the host', async () => {
  const { address } = await startSmallHost()
  for (const token of ['', 'wrong', new URLSearchParams(address.hash.slice(1)).get('token') ?? '']) {
    for (let attempt = 0; attempt < 30; attempt++) await askAndReset(address, token)
  }
  expect(await connect(address, {})).toBe('open')
})

it('a page that can not be sent is an error of that request alone', async () => {
  const { address } = await startSmallHost()
  const broken = vi.spyOn(pageFiles, 'answerPageRequest').mockRejectedValueOnce(new Error('broken'))
  onTestFinished(() => broken.mockRestore())
  expect((await get(address, '/')).status).toBe(500)
  expect((await get(address, '/')).status).toBe(200)
})

describe('files of the page', () => {
  it('come with a policy without eval, inline script or other hosts, and a new nonce each time', async () => {
    const { address } = await startSmallHost()
    const [first, second] = [await get(address, '/'), await get(address, '/')]
    expect(first.status).toBe(200)
    expect(first.policy).toMatch(/default-src 'none'; script-src 'self'; /)
    expect(first.policy).not.toMatch(/unsafe|\*|https?:/)
    const nonce = /nonce="([^"]+)"/.exec(first.body)?.[1]
    expect(first.policy).toContain(`'nonce-${nonce}'`)
    expect(second.body).not.toBe(first.body)
  })

  it.each([
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/link.html',
    '//secret.html',
    '/%00',
    '/%'
  ])('do not include %s', async (path) => {
    const { address } = await startSmallHost()
    const answer = await get(address, path)
    expect(answer.status).toBe(404)
    expect(answer.body).not.toContain('secret')
  })

  it('are refused under another name and to other methods', async () => {
    const { address } = await startSmallHost()
    expect((await get(address, '/', { host: 'evil.example' })).status).toBe(403)
    expect((await get(address, '/', {}, 'POST')).status).toBe(405)
  })
})

describe('the folders that a page may see', () => {
  it('end at the roots, by real path', async () => {
    const folder = await temporaryFolder()
    const root = join(folder, 'root')
    await mkdir(join(root, 'inside'), { recursive: true })
    await mkdir(join(folder, 'root-beside'))
    await writeFile(join(folder, 'secret'), '')
    await symlink(folder, join(root, 'out'))
    const roots = await openFileRoots([root])
    const unsafe = expect.objectContaining({ code: 'file-unsafe' })
    await expect(roots.contain(join(root, 'out'))).rejects.toEqual(unsafe)
    await expect(roots.contain(join(root, 'out', 'secret'))).rejects.toEqual(unsafe)
    await expect(roots.contain(join(root, '..', 'secret'))).rejects.toEqual(unsafe)
    await expect(roots.contain(join(folder, 'root-beside'))).rejects.toEqual(unsafe)
    await expect(roots.containNew(join(root, 'out', 'new.anchorage'), '.anchorage')).rejects.toEqual(unsafe)
    const listing = await roots.list(null)
    expect(listing.entries.map(({ name }) => name)).toEqual(['inside'])
    expect(listing.parent).toBeNull()
  })
})
