/**
 * The engine as the workbench sees it: calls that start it when needed, a new process when one dies,
 * within a limit, and an end in order. Which kind of process it is, `start` knows.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type EngineContract, engineContract } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError, errorToData, explainError } from '#engine/common/contract/errors.ts'
import { type Caller, createCaller } from '#engine/common/rpc/caller.ts'
import { createListeners } from '#engine/common/rpc/listeners.ts'
import type { Unsubscribe } from '#engine/common/rpc/transport.ts'
import type { RunningEngine, StartEngine } from './fork-engine.ts'
import { createRestartLimit } from './restart-limit.ts'
import { createSetAside, type FileWork, filesOf } from './set-aside.ts'

type EngineCaller = Caller<EngineContract>

/** Why an engine that died too often is not started for now. */
export type GivenUp = {
  readonly reason: string
  /** From when on a call starts it again, in milliseconds since 1970. */
  readonly until: number
}

/** What is known of the engine's life, and what can be done about it. */
export type EngineSupervision = {
  /** Null where calls reach the engine. */
  givenUp(): GivenUp | null
  /** Hears that the engine was given up, or is started again after that. */
  onGivenUp(listener: (givenUp: GivenUp | null) => void): Unsubscribe
  /** Files that ended the engine twice and are not sent to it; those of one entry were worked on together. */
  setAside(): readonly (readonly string[])[]
  /** Hears that files were set aside, or are taken up again. */
  onSetAside(listener: () => void): Unsubscribe
  /** Starts an engine that was given up at once, and takes up again what is set aside. */
  restart(): void
}

export type EngineProcess = EngineSupervision & {
  /**
   * Calls the engine. Rejects with its error, `cancelled`, `engine-died` where the process ends before the
   * answer, `engine-unavailable` where it died too often and is not started for some minutes, or was stopped, or
   * `file-unsafe` for files at which it died twice.
   */
  call: EngineCaller['call']
  /** Ends the engine: what is pending is rejected; a process that does not leave in time is killed. */
  stop(): Promise<void>
}

export type EngineProcessSettings = {
  start: StartEngine
  log: Logger
  /** How long a cancelled call may take to end before its process is killed. */
  stuckAfterMilliseconds?: number
  /** How long the process may take to leave when it is stopped. */
  leaveWithinMilliseconds?: number
  /** Milliseconds, for the limit on restarts. */
  now?: () => number
}

const deathsAtMost = 3
const limitMilliseconds = 5 * 60_000

type Running = { kind: 'running'; engine: RunningEngine; caller: EngineCaller }
type State = { kind: 'idle' } | Running | { kind: 'given-up'; reason: string } | { kind: 'stopped' }

function stopped(): AnchorageError {
  return new AnchorageError('engine-unavailable', 'The engine is not running and is not started again.', {
    found: 'it was stopped'
  })
}

function unavailable(reason: string, millisecondsLeft: number): AnchorageError {
  const minutes = Math.max(1, Math.ceil(millisecondsLeft / 60_000))
  return new AnchorageError('engine-unavailable', 'The engine died too often and is not started for now.', {
    found: reason,
    next:
      'Look into the log for what it said last. “Restart engine”, or the command run again, starts it at once, ' +
      `else what is asked for in ${minutes} min. \`anchorage doctor\` checks the installation.`
  })
}

export function createEngineProcess(settings: EngineProcessSettings): EngineProcess {
  const { start, log, stuckAfterMilliseconds = 10_000, leaveWithinMilliseconds = 3_000 } = settings
  const now = settings.now ?? Date.now
  const limit = createRestartLimit(deathsAtMost, limitMilliseconds, now)
  const standing = createListeners<GivenUp | null>()
  const aside = createSetAside()
  const asideChanged = createListeners<null>()
  /** What the process that runs is working on. */
  const working = new Set<FileWork>()
  let state: State = { kind: 'idle' }

  const startNow = (): Running => {
    const engine = start()
    const caller = createCaller(engineContract, engine.transport, (fault) =>
      log.warn(explainError(errorToData(fault)))
    )
    const running: Running = { kind: 'running', engine, caller }
    state = running
    log.info({ processId: engine.processId }, 'the engine was started')
    engine.transport.onClose((reason) => {
      if (state === running) died(engine, reason)
    })
    return running
  }

  const died = (engine: RunningEngine, reason: string): void => {
    log.error({ processId: engine.processId }, `the engine ended: ${reason}`)
    // A channel may close without an end of the process.
    engine.kill()
    limit.noteDeath()
    if (aside.noteDeath(working)) {
      log.error({ files: aside.list() }, 'files ended the engine twice and are set aside')
      asideChanged.emit(null)
    }
    if (limit.allowedAt() <= now()) {
      startNow()
    } else {
      const minutes = limitMilliseconds / 60_000
      state = {
        kind: 'given-up',
        reason: `it ended ${deathsAtMost} times in ${minutes} minutes, last: ${reason}`
      }
      standing.emit(givenUp())
    }
  }

  const givenUp = (): GivenUp | null =>
    state.kind === 'given-up' ? { reason: state.reason, until: limit.allowedAt() } : null

  const startAgain = (): Running => {
    const running = startNow()
    standing.emit(null)
    return running
  }

  /** Ends a process whose cancelled call does not end; a death by our hand does not count. */
  const killStuck = (running: Running, method: string): void => {
    if (state !== running) return
    log.warn(
      { processId: running.engine.processId },
      `${method} did not end when cancelled: its process is killed`
    )
    state = { kind: 'idle' }
    running.caller.close(`${method} was cancelled and did not end`)
    running.engine.kill()
  }

  /** Watches a signal during a call; gives back the function that ends the watch. */
  const watch = (running: Running, method: string, signal: AbortSignal | undefined): (() => void) => {
    let timer: NodeJS.Timeout | undefined
    const aborted = (): void => {
      timer = setTimeout(() => killStuck(running, method), stuckAfterMilliseconds)
    }
    signal?.addEventListener('abort', aborted)
    return () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
    }
  }

  const ensureRunning = (): Running => {
    switch (state.kind) {
      case 'running':
        return state
      case 'idle':
        return startNow()
      case 'given-up': {
        const left = limit.allowedAt() - now()
        if (left > 0) throw unavailable(state.reason, left)
        return startAgain()
      }
      case 'stopped':
        throw stopped()
    }
  }

  return {
    async call(method, args, options) {
      const work: FileWork = { method, files: filesOf(args) }
      aside.check(work)
      const running = ensureRunning()
      const endWatch = watch(running, method, options?.signal)
      working.add(work)
      try {
        const result = await running.caller.call(method, args, options)
        aside.noteEnd(work)
        return result
      } catch (error) {
        // The second death is told of by the files that it happened at.
        if (error instanceof AnchorageError && error.code === 'engine-died') aside.check(work)
        throw error
      } finally {
        working.delete(work)
        endWatch()
      }
    },
    givenUp,
    onGivenUp: standing.add,
    setAside: aside.list,
    onSetAside: asideChanged.add,
    restart() {
      aside.forget()
      asideChanged.emit(null)
      if (state.kind !== 'given-up') return
      limit.forget()
      startAgain()
    },
    async stop() {
      const last = state
      state = { kind: 'stopped' }
      if (last.kind !== 'running') return
      last.caller.close('the engine was stopped')
      const late = delay(leaveWithinMilliseconds, 'late' as const, { ref: false })
      if ((await Promise.race([last.engine.ended, late])) === 'late') {
        log.warn({ processId: last.engine.processId }, 'the engine did not leave in time and is killed')
        last.engine.kill()
        await last.engine.ended
      }
    }
  }
}
