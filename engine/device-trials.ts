/**
 * Device trials in a process of their own: a provider may take its process down natively, and the engine
 * must outlive that. The process is the engine's own program, started with another argument.
 */
import { fork } from 'node:child_process'
import { z } from 'zod'
import { AnchorageError } from './contract/errors.ts'
import { createCaller } from './rpc/caller.ts'
import { childProcessTransport } from './rpc/child-process-transport.ts'
import { parentProcessTransport } from './rpc/parent-process-transport.ts'
import { serve } from './rpc/serve.ts'
import { type DeviceTrial, tryDevice } from './runtime/device-trial.ts'
import { type Provider, providers } from './runtime/session.ts'

/** The argument that turns the engine's program into one that tries a device. */
export const deviceTrialArgument = '--device-trial'

const patienceMilliseconds = 60_000

const trialContract = {
  methods: {
    'device.try': {
      arguments: z.object({ device: z.enum(providers) }),
      result: z.object({ seconds: z.number(), largestDifference: z.number().nullable() })
    }
  },
  events: {}
} as const

/** What the started process does: tries devices for its parent and ends with it. */
export function serveDeviceTrials(report: (fault: unknown) => void): void {
  const transport = parentProcessTransport()
  serve(trialContract, transport, { 'device.try': ({ device }) => tryDevice(device) }, report)
  transport.onClose(() => process.exit(0))
}

/**
 * Tries a device in a new process of the given program (the engine's own).
 * Throws `device-failed` with the reason, also where the process dies or does not answer in time.
 */
export async function tryDeviceApart(
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
  const patience = setTimeout(kill, patienceMilliseconds)
  signal?.addEventListener('abort', kill)
  try {
    const caller = createCaller(trialContract, childProcessTransport(child), () => {})
    return await caller.call('device.try', { device }, { signal })
  } catch (error) {
    if (!(error instanceof AnchorageError) || error.code !== 'engine-died') throw error
    const found = `its driver took the process down or hung (${error.detail.found})`
    throw new AnchorageError('device-failed', `The device ${device} could not be tried.`, { found }, error)
  } finally {
    clearTimeout(patience)
    signal?.removeEventListener('abort', kill)
    kill()
  }
}
