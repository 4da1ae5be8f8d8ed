/** What every command works with: the engine, Ctrl-C and its like as a signal, the output; and its orderly end. */
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { pino } from 'pino'
import { createEngineProcess, type EngineProcess } from '#main/engine-process/engine-process.ts'
import { forkEngine } from '#main/engine-process/fork-engine.ts'
import { exitCodes } from './exit-codes.ts'
import { createOutput, type Output } from './output.ts'
import { createProgressDisplay, type ProgressDisplay } from './progress-display.ts'
import { reportError } from './report-error.ts'

export type CommandSession = {
  readonly engine: EngineProcess
  /** Aborted by Ctrl-C, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal
  readonly output: Output
  readonly progress: ProgressDisplay
}

export type GlobalOptions = { readonly json?: boolean; readonly verbose?: boolean }

/** The engine's build lies beside the command line's. */
const enginePath = fileURLToPath(new URL('./engine.js', import.meta.url))

/** Ctrl-C, the end that a batch system or a shutdown asks for, and the end of the terminal. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A first request to end cancels; a second one ends the process at once. */
function cancelOnRequest(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController()
  const end = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.cancelled)
    process.stderr.write('\nCancelling; press Ctrl-C again to end at once.\n')
    controller.abort()
  }
  for (const ending of endings) process.on(ending, end)
  return {
    signal: controller.signal,
    release: () => {
      for (const ending of endings) process.off(ending, end)
    }
  }
}

/**
 * Runs a command's work with a session and sets the exit code: 0, what the work answers, or that of its error.
 */
export async function runInSession(
  command: Command,
  work: (session: CommandSession) => Promise<number | undefined>
): Promise<void> {
  const { json = false, verbose = false } = command.optsWithGlobals<GlobalOptions>()
  const log = pino({ level: verbose ? 'info' : 'silent' }, pino.destination({ dest: 2, sync: true }))
  const engine = createEngineProcess({ start: () => forkEngine(enginePath, log), log })
  const { signal, release } = cancelOnRequest()
  const progress = createProgressDisplay(process.stderr)
  const output = createOutput(json, (text) => process.stdout.write(text))
  try {
    process.exitCode = (await work({ engine, signal, output, progress })) ?? exitCodes.done
  } catch (thrown) {
    progress.end()
    process.exitCode = reportError(thrown, json)
  } finally {
    progress.end()
    await engine.stop()
    release()
  }
}
