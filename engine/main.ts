/**
 * The engine's process: serves the methods of the contract to the process that started it, and ends with
 * it. Faults that no call can carry go to standard error as plain lines.
 */
import { fileURLToPath } from 'node:url'
import { engineContract } from './contract/engine-methods.ts'
import { errorToData, explainError } from './contract/errors.ts'
import { deviceTrialArgument, serveDeviceTrials, tryDeviceApart } from './device-trials.ts'
import { parentProcessTransport } from './rpc/parent-process-transport.ts'
import { type Server, serve } from './rpc/serve.ts'
import { createDevices } from './runtime/devices.ts'

function report(fault: unknown): void {
  process.stderr.write(`${explainError(errorToData(fault))}\n`)
}

async function serveEngine(): Promise<void> {
  // Loaded here, so that a process that only tries a device starts without all the rooms.
  const { createHandlers } = await import('./handlers.ts')
  const transport = parentProcessTransport()
  const program = fileURLToPath(import.meta.url)
  const devices = createDevices(
    (device, signal) => tryDeviceApart(program, device, signal),
    (measurements) => server.emit('devices.measured', measurements)
  )
  const server: Server<typeof engineContract> = serve(
    engineContract,
    transport,
    createHandlers(devices),
    report
  )
  transport.onClose(() => process.exit(0))
}

// Ctrl-C in a terminal reaches every process of the group; what it means is for the workbench to say.
process.on('SIGINT', () => {})

try {
  if (process.argv.includes(deviceTrialArgument)) serveDeviceTrials(report)
  else await serveEngine()
} catch (error) {
  report(error)
  process.exitCode = 1
}
