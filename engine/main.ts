/**
 * The engine's process: serves the methods of the contract to the process that started it, and ends with
 * it. Faults that no call can carry go to standard error as plain lines.
 */
import { fileURLToPath } from 'node:url'
import { deviceTrialArgument } from '#engine/common/contract/devices.ts'
import { engineContract } from '#engine/common/contract/engine-methods.ts'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'
import {
  type EmittingPort,
  emittingPortEnd,
  messagePortTransport
} from '#engine/common/rpc/message-port-transport.ts'
import { parentProcessTransport } from '#engine/common/rpc/parent-process-transport.ts'
import { serve } from '#engine/common/rpc/serve.ts'
import type { Transport } from '#engine/common/rpc/transport.ts'
import { utilityProcessPorts } from '#engine/common/rpc/utility-process-ports.ts'
import { serveDeviceTrials, trialsByParent, trialsInChildProcesses } from '#engine/devices/device-trials.ts'
import { createDevices } from '#engine/devices/devices.ts'
import { watchParent } from './watch-parent.ts'

function report(fault: unknown, written: () => void = () => {}): void {
  process.stderr.write(`${explainError(errorToData(fault))}\n`, written)
}

/** Serves over `transport`; `trials` leads to a parent that starts processes for trials, else this process does. */
type StartServing = (transport: Transport, trials?: Transport) => void

/** Loads all the rooms, which a process that only tries a device does without. */
async function loadEngine(): Promise<StartServing> {
  const { createHandlers } = await import('./handlers.ts')
  return (transport, trials) => {
    const tryDevice =
      trials === undefined
        ? trialsInChildProcesses(fileURLToPath(import.meta.url))
        : trialsByParent(trials, report)
    serve(engineContract, transport, createHandlers(createDevices(tryDevice)), report)
    transport.onClose(() => process.exit(0))
  }
}

async function start(): Promise<void> {
  const isTrial = process.argv.includes(deviceTrialArgument)
  const startServing: StartServing = isTrial
    ? (transport) => serveDeviceTrials(transport, report)
    : await loadEngine()
  // What was sent meanwhile is delivered as soon as a transport is there: it must be served in the same turn.
  const ports = utilityProcessPorts()
  if (ports === null) {
    startServing(parentProcessTransport())
    return
  }
  const [own, trials] = await ports
  const transportOver = (port: EmittingPort): Transport => messagePortTransport(emittingPortEnd(port))
  startServing(transportOver(own), trials === undefined ? undefined : transportOver(trials))
}

// Before the rooms are loaded, which takes its time. A utility process is ended with its parent by Electron itself.
if (process.send !== undefined) watchParent()

// Ctrl-C, a closed terminal and `timeout` reach every process of the group; what they mean is for the workbench to say.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

// Not awaited: the rooms are loaded meanwhile, and they share modules with this file.
// Ended here: a process of Electron doesn't end by itself, and what was asked of it would never be answered.
start().catch((error: unknown) => report(error, () => process.exit(1)))
