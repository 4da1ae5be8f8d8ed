/**
 * Starts the engine as a utility process of Electron, joined by message ports. In a packaged application no program
 * may run as plain Node, so the engine asks here for the processes in which it tries devices.
 */
import { constants } from 'node:os'
import { MessageChannelMain, type UtilityProcess, utilityProcess } from 'electron'
import type { Logger } from 'pino'
import { deviceTrialArgument, deviceTrialContract } from '#engine/common/contract/devices.ts'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'
import { createCaller } from '#engine/common/rpc/caller.ts'
import { createClosing } from '#engine/common/rpc/listeners.ts'
import { emittingPortEnd, messagePortTransport } from '#engine/common/rpc/message-port-transport.ts'
import { createProcessEnd } from '#engine/common/rpc/process-end.ts'
import { type Handlers, serve } from '#engine/common/rpc/serve.ts'
import type { Transport } from '#engine/common/rpc/transport.ts'
import { logLines, type RunningEngine } from '#main/engine-process/fork-engine.ts'

/** Ends a process at once: a stuck one hears no polite request. One that is still coming to life can't be ended yet. */
function killNow(child: UtilityProcess): void {
  if (child.pid === undefined) {
    child.once('spawn', () => killNow(child))
    return
  }
  try {
    process.kill(child.pid, 'SIGKILL')
  } catch {
    // It has ended by itself in the meantime.
  }
}

/**
 * How a utility process ended. Electron tells an end by a signal of POSIX by the bare number, like an exit code; our
 * programs leave by themselves with 0, when their port is closed, and with 1.
 */
export function describeExit(code: number, platform: NodeJS.Platform = process.platform): string {
  if (code === 0) return 'the process ended unexpectedly'
  // On Windows, exceptions have large codes that are known by their hexadecimal form.
  if (platform === 'win32') {
    const unsigned = code >>> 0
    return `the process exited with code ${unsigned > 0xffff ? `0x${unsigned.toString(16).toUpperCase()}` : unsigned}`
  }
  const signal = Object.entries(constants.signals).find(([, number]) => number === code)?.[0]
  return code === 1 || signal === undefined
    ? `the process exited with code ${code}`
    : `the process was ended by ${signal}`
}

type Started = RunningEngine & { readonly ports: readonly Transport[] }

/** Starts the program with `portCount` ports; the first is its transport, which closes when the process has ended. */
function startProgram(program: string, options: string[], portCount: number, log: Logger): Started {
  const child = utilityProcess.fork(program, options, { stdio: 'pipe', serviceName: 'Anchorage engine' })
  logLines(child.stdout, log)
  logLines(child.stderr, log)
  child.once('spawn', () => log.info({ processId: child.pid, options }, 'a utility process has started'))
  const channels = Array.from({ length: portCount }, () => new MessageChannelMain())
  const [first, ...ports] = channels.map(({ port1 }) => messagePortTransport(emittingPortEnd(port1)))
  if (first === undefined) throw new RangeError('A program is joined by one port at least.')
  child.postMessage(
    'ports',
    channels.map(({ port2 }) => port2)
  )
  const closing = createClosing()
  const end = createProcessEnd(closing.close)
  first.onClose(end.drained)
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      end.exited(describeExit(code))
      resolve()
    })
  })
  return {
    transport: { ...first, onClose: closing.onClose },
    ports,
    get processId() {
      return child.pid
    },
    kill: () => killNow(child),
    ended
  }
}

/** Tries devices for the engine, each in a process of its own; the signal ends it, stuck or not. */
function serveDeviceTrials(program: string, transport: Transport, log: Logger): void {
  const report = (fault: unknown): void => log.warn(explainError(errorToData(fault)))
  const handlers: Handlers<typeof deviceTrialContract> = {
    'device.try': async ({ device }, { signal }) => {
      const trial = startProgram(program, [deviceTrialArgument], 1, log)
      signal.addEventListener('abort', trial.kill)
      try {
        const { call } = createCaller(deviceTrialContract, trial.transport, report)
        return await call('device.try', { device }, { signal })
      } finally {
        signal.removeEventListener('abort', trial.kill)
        trial.kill()
      }
    }
  }
  serve(deviceTrialContract, transport, handlers, report)
}

/** Starts the engine built at `program`; what it and its trials write goes to the log. */
export function startUtilityEngine(program: string, log: Logger): RunningEngine {
  const { ports, ...engine } = startProgram(program, [], 2, log)
  for (const trials of ports) serveDeviceTrials(program, trials, log)
  return engine
}
