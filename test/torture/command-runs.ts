/** Commands that are misused, and ended at any moment: each ends in time, by an exit code of its own, without a stack. */
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seededIndices } from '#engine/common/random/seeded-random.ts'
import { commands, orderlyExits, sample } from './commands.ts'
import { noteEnd, noteLoss, type Outcome, outcome, type Part } from './outcome.ts'
import { childrenOf, isAlive, killAtOnce, startCommand } from './processes.ts'

const secondsPerCommand = 90
const secondsToEnd = 30

function lossOf(code: number | null, out: string, err: string, isJson: boolean): string | undefined {
  if (code === null || !orderlyExits.includes(code)) return `exit code ${code}: ${err.slice(-300)}`
  if (/\n {4}at \S/.test(err)) return `a stack: ${err.slice(0, 300)}`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(out + err)) return 'control characters on the terminal'
  if (!isJson) return undefined
  try {
    JSON.parse(out)
  } catch {
    return `no JSON with --json: ${out.slice(0, 200)}`
  }
  return undefined
}

/** Paths that commands are given in place of what they ask for. */
async function makePaths(folder: string): Promise<string[]> {
  const inside = join(folder, 'given')
  await mkdir(inside)
  const files: Record<string, string> = {
    'empty.yaml': '',
    'list.yaml': `a: &a [${'1,'.repeat(100)}]\nb: [*a, *a]`,
    'deep.json': '['.repeat(100_000),
    'named\u001b]0;owned\u0007.npy': 'x',
    'words.txt': 'a\nb\n',
    'none.anchorage': 'SQLite format 3\u0000'
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(inside, name), content)
  if (process.platform !== 'win32')
    execFileSync('mkfifo', [join(inside, 'pipe.npy'), join(inside, 'pipe.yaml')])
  return [
    ...Object.keys(files).map((name) => join(inside, name)),
    ...['pipe.npy', 'pipe.yaml', '.', 'missing', 'missing/deeper.npy', 'words.txt/below'].map((name) =>
      join(inside, name)
    ),
    ...[
      '/proc/nothing/deeper',
      '/proc/self/mem',
      '/dev/null',
      '/dev/full',
      '',
      '\u001b[2J',
      '--',
      '-1',
      'x'.repeat(5000)
    ],
    join(sample, 'models/bert-small')
  ]
}

async function misuse(result: Outcome, given: readonly string[], isJson: boolean): Promise<void> {
  const ended = await startCommand(isJson ? ['--json', ...given] : given, secondsPerCommand).whenEnded
  const again = JSON.stringify(given).slice(0, 300)
  if (ended === null) {
    noteLoss(result, `${again}: no end in ${secondsPerCommand} s`, secondsPerCommand * 1000)
    return
  }
  const loss = lossOf(ended.code, ended.out, ended.err, isJson)
  if (loss === undefined) noteEnd(result, `exit ${ended.code}`, ended.milliseconds)
  else noteLoss(result, `${again}: ${loss}`, ended.milliseconds)
}

/** One signal at any moment: the command and its engine are gone soon after. */
async function interrupt(result: Outcome, out: string, signal: NodeJS.Signals, after: number): Promise<void> {
  const { child, whenEnded } = startCommand(commands.sample(out), secondsPerCommand * 4)
  await new Promise((resolve) => setTimeout(resolve, after))
  const engines = await childrenOf(child.pid)
  const started = performance.now()
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), secondsToEnd * 1000)
  await whenEnded
  clearTimeout(timer)
  const milliseconds = performance.now() - started
  await new Promise((resolve) => setTimeout(resolve, 2500))
  const left = engines.filter(isAlive)
  for (const id of left) killAtOnce(id)
  if (milliseconds >= secondsToEnd * 1000)
    noteLoss(result, `${signal} after ${after} ms: no end in ${secondsToEnd} s`, milliseconds)
  else if (left.length > 0)
    noteLoss(result, `${signal} after ${after} ms: the engine is left behind`, milliseconds)
  else noteEnd(result, signal, milliseconds)
}

export const tortureCommands: Part = async ({ seed, until, folder }) => {
  const results = { misused: outcome('commands, misused'), interrupted: outcome('commands, asked to end') }
  const pick = seededIndices(seed)
  const paths = await makePaths(folder)
  const path = (): string => paths[pick(paths.length)]
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (let round = 0; performance.now() < until; round++) {
    for (const command of commands.misused) {
      if (performance.now() >= until) break
      await misuse(
        results.misused,
        command.map((part) => (part === '{path}' ? path() : part)),
        pick(2) === 0
      )
    }
    if (performance.now() >= until) break
    await interrupt(
      results.interrupted,
      join(folder, `sample-${round}`),
      signals[round % signals.length],
      500 + pick(20_000)
    )
  }
  return Object.values(results)
}
