/** Runs the built command line as a person does. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'

/** The built program. */
export const commandLine = resolve(import.meta.dirname, '../../out/command-line.js')

export type CommandOutcome = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs `anchorage ARGUMENTS` to its end; `watch` gets the process, to interrupt it for example. */
export async function anchorage(
  commandArguments: readonly string[],
  watch?: (child: ChildProcess) => void
): Promise<CommandOutcome> {
  const child = spawn(process.execPath, [commandLine, ...commandArguments], {
    stdio: ['ignore', 'pipe', 'pipe']
  })
  watch?.(child)
  const [out, err] = [text(child.stdout), text(child.stderr)]
  const [code] = await once(child, 'close')
  return { code, out: await out, err: await err }
}

/** What a command said beside its answer, without the lines of progress that a slow machine sees. */
export function withoutProgress(err: string): string {
  return err.replace(/^.*: \d+ of \d+\n/gm, '')
}
