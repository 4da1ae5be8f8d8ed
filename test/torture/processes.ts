/** Processes that the torture starts, ends and waits for. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { built } from './commands.ts'

export type Ended = {
  readonly code: number | null
  readonly out: string
  readonly err: string
  readonly milliseconds: number
}

/** Starts the command line; `whenEnded` is its end, `null` where it took longer and was killed. */
export function startCommand(
  given: readonly string[],
  seconds: number
): { child: ChildProcess; whenEnded: Promise<Ended | null> } {
  const started = performance.now()
  const child = spawn(process.execPath, [built('command-line.js'), ...given], {
    // What a command leaves where it is started is no part of the repository.
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, seconds * 1000)
  const whenEnded = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
    ([out, err, [code]]) => {
      clearTimeout(timer)
      return isLate ? null : { code, out, err, milliseconds: performance.now() - started }
    }
  )
  return { child, whenEnded }
}

/** The processes that a process has started, on Linux; none elsewhere. */
export async function childrenOf(id: number | undefined): Promise<number[]> {
  const listed = await readFile(`/proc/${id}/task/${id}/children`, 'utf8').catch(() => '')
  return listed
    .split(' ')
    .filter((item) => item.trim() !== '')
    .map(Number)
}

/** Ends a process that may be gone already. */
export function killAtOnce(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch {
    // It is gone.
  }
}

export function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}
