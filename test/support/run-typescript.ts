/** Starts a TypeScript file of the tests as a process of its own, to be killed or to be in the way. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

/** A process that ends with the test at the latest. */
export function runTypeScript(path: string, ...values: string[]): ChildProcess {
  const child = fork(path, values, { execArgv: ['--import', 'tsx'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

/** Waits for the next message of a process. */
export async function nextMessage(child: ChildProcess): Promise<unknown> {
  const [message] = await once(child, 'message')
  return message
}

/** Kills a process as a crash would, and waits for its end. */
export async function killAtOnce(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
