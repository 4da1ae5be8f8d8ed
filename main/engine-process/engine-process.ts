/**
 * The engine as the workbench sees it: calls that start it when needed, a new process when one dies,
 * within a limit, and an end in order. Which kind of process it is, `start` knows.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type EngineContract, engineContract } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError, errorToData, explainError } from '#engine/common/contract/errors.ts'
import { type Caller, createCaller } from '#engine/common/rpc/caller.ts'
import type { Unsubscribe } from '#engine/common/rpc/transport.ts'
import type { RunningEngine, StartEngine } from './fork-engine.ts'
import { createRestartLimit } from './restart-limit.ts'

type EngineCaller = Caller<EngineContract>

export type EngineProcess = {
  /**
   * Calls the engine. Rejects with its error, `cancelled`, `engine-died` where the process ends before the
   * answer, or `engine-unavailable` where it is not started any more.
   */
  call: EngineCaller['call']
  /** Listens to an event of the engine, across restarts. */
  onEvent: EngineCaller['onEvent']
  /** Starts anew after `engine-unavailable`, when the person asks for it. */
  restart(): void
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
type State = { kind: 'idle' } | Running | { kind: 'unavailable'; reason: string } | { kind: 'stopped' }

function unavailable(reason: string): AnchorageError {
  return new AnchorageError('engine-unavailable', 'The engine is not running and is not started again.', {
    found: reason,
    next: 'Look into the log for what it said last, then restart the engine. `anchorage doctor` checks the installation.'
  })
}

export function createEngineProcess(settings: EngineProcessSettings): EngineProcess {
  const { start, log, stuckAfterMilliseconds = 10_000, leaveWithinMilliseconds = 3_000 } = settings
  const limit = createRestartLimit(deathsAtMost, limitMilliseconds, settings.now ?? Date.now)
  const subscriptions = new Set<{ listen: (caller: EngineCaller) => Unsubscribe; stop: Unsubscribe }>()
  let state: State = { kind: 'idle' }

  const startNow = (): Running => {
    const engine = start()
    const caller = createCaller(engineContract, engine.transport, (fault) =>
      log.warn(explainError(errorToData(fault)))
    )
    const running: Running = { kind: 'running', engine, caller }
    state = running
    for (const subscription of subscriptions) subscription.stop = subscription.listen(caller)
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
    if (limit.allowsAnother()) {
      startNow()
    } else {
      const minutes = limitMilliseconds / 60_000
      state = {
        kind: 'unavailable',
        reason: `it ended ${deathsAtMost} times in ${minutes} minutes, last: ${reason}`
      }
    }
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
      case 'unavailable':
        throw unavailable(state.reason)
      case 'stopped':
        throw unavailable('it was stopped')
    }
  }

  return {
    async call(method, args, options) {
      const running = ensureRunning()
      const endWatch = watch(running, method, options?.signal)
      try {
        return await running.caller.call(method, args, options)
      } finally {
        endWatch()
      }
    },
    onEvent(name, listener) {
      const listen = (caller: EngineCaller): Unsubscribe => caller.onEvent(name, listener)
      const subscription = { listen, stop: state.kind === 'running' ? listen(state.caller) : () => {} }
      subscriptions.add(subscription)
      return () => {
        subscriptions.delete(subscription)
        subscription.stop()
      }
    },
    restart() {
      if (state.kind !== 'unavailable') return
      limit.forget()
      startNow()
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
