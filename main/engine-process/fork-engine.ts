/** Starts the engine as a Node child process. Another kind of process takes the place of this one file. */
import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Logger } from 'pino'
import { childProcessTransport } from '#engine/common/rpc/child-process-transport.ts'
import type { Transport } from '#engine/common/rpc/transport.ts'

/** An engine that was just started, of whatever kind its process is. */
export type RunningEngine = {
  transport: Transport
  processId: number | undefined
  /** Ends the process at once, even where it is stuck. */
  kill(): void
  /** Settles when the process has ended or could not be started. */
  ended: Promise<void>
}

export type StartEngine = () => RunningEngine

/** What a process writes goes to the log line by line. */
export function logLines(stream: NodeJS.ReadableStream | null, log: Logger): void {
  if (stream !== null) createInterface({ input: stream }).on('line', (line) => log.info(line))
}

/**
 * glibc serves memory of many megabytes from its heap once some was freed, and the heap shrinks only from its end: what an
 * engine frees would stay with it. Above the first of these numbers of bytes each piece is the system's own, and goes back to
 * it; the second is what the heap keeps at its end, so that small pieces do not go to and fro. Other libraries of C look at neither.
 */
const ownPieces = {
  MALLOC_MMAP_THRESHOLD_: String(4 * 2 ** 20),
  MALLOC_TRIM_THRESHOLD_: String(64 * 2 ** 20)
}

/** Starts the engine built at `path` (`out/engine.js`); what it writes goes to the log line by line. */
export function forkEngine(path: string, log: Logger): RunningEngine {
  const child = fork(path, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    env: { ...ownPieces, ...process.env }
  })
  logLines(child.stdout, log)
  logLines(child.stderr, log)
  const transport = childProcessTransport(child)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    transport,
    processId: child.pid,
    kill: () => child.kill('SIGKILL'),
    ended: child.pid === undefined ? Promise.resolve() : exited
  }
}
