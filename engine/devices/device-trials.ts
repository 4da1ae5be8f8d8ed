/**
 * Device trials in a process of their own: a provider may take its process down natively, and the engine
 * must outlive that. The process is the engine's own program, started with another argument.
 */
import { fork } from 'node:child_process'
import { deviceTrialArgument, deviceTrialContract, type Provider } from '#engine/common/contract/devices.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { createCaller } from '#engine/common/rpc/caller.ts'
import { childProcessTransport } from '#engine/common/rpc/child-process-transport.ts'
import { serve } from '#engine/common/rpc/serve.ts'
import type { Transport } from '#engine/common/rpc/transport.ts'
import type { DeviceTrial } from './device-trial.ts'
import type { TryDevice } from './devices.ts'

const patienceMilliseconds = 60_000

/** What the started process does: tries devices for who started it and ends with it. */
export function serveDeviceTrials(transport: Transport, report: (fault: unknown) => void): void {
  const handlers = {
    'device.try': async ({ device }: { device: Provider }) =>
      await (await import('./device-trial.ts')).tryDevice(device)
  }
  serve(deviceTrialContract, transport, handlers, report)
  transport.onClose(() => process.exit(0))
}

/** Starts the program as a child process; the signal ends it, stuck or not. */
async function tryInChildProcess(
  program: string,
  device: Provider,
  signal?: AbortSignal
): Promise<DeviceTrial> {
  const child = fork(program, [deviceTrialArgument], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  signal?.addEventListener('abort', kill)
  try {
    const caller = createCaller(deviceTrialContract, childProcessTransport(child), () => {})
    return await caller.call('device.try', { device }, { signal })
  } finally {
    signal?.removeEventListener('abort', kill)
    kill()
  }
}

/**
 * Trials in processes that `start` starts, ends when its signal is aborted, and reports the end of as `engine-died`.
 * A trial throws `device-failed` with the reason where its process dies or does not answer in time.
 */
function guarded(start: TryDevice): TryDevice {
  return async (device, signal) => {
    const patience = AbortSignal.timeout(patienceMilliseconds)
    try {
      return await start(device, signal === undefined ? patience : AbortSignal.any([signal, patience]))
    } catch (error) {
      const died = error instanceof AnchorageError && error.code === 'engine-died'
      if (signal?.aborted || !(died || patience.aborted)) throw error
      const found = died
        ? `its driver took the process down (${error.detail.found})`
        : `it did not answer within ${patienceMilliseconds / 1000} seconds`
      throw new AnchorageError('device-failed', `The device ${device} could not be tried.`, { found }, error)
    }
  }
}

/** Trials in child processes of the given program (the engine's own). */
export function trialsInChildProcesses(program: string): TryDevice {
  return guarded((device, signal) => tryInChildProcess(program, device, signal))
}

/** Trials in processes that the parent starts: the engine's process can't, where Electron's main process started it. */
export function trialsByParent(transport: Transport, report: (fault: unknown) => void): TryDevice {
  const { call } = createCaller(deviceTrialContract, transport, report)
  return guarded((device, signal) => call('device.try', { device }, { signal }))
}
