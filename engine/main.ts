/**
 * The engine's process: serves the methods of the contract to the process that started it, and ends with
 * it. Faults that no call can carry go to standard error as plain lines.
 */
import { engineContract } from './contract/engine-methods.ts'
import { errorToData, explainError } from './contract/errors.ts'
import { handlers } from './handlers.ts'
import { parentProcessTransport } from './rpc/parent-process-transport.ts'
import { serve } from './rpc/serve.ts'

function report(fault: unknown): void {
  process.stderr.write(`${explainError(errorToData(fault))}\n`)
}

// Ctrl-C in a terminal reaches every process of the group; what it means is for the workbench to say.
process.on('SIGINT', () => {})

try {
  const transport = parentProcessTransport()
  serve(engineContract, transport, handlers, report)
  transport.onClose(() => process.exit(0))
} catch (error) {
  report(error)
  process.exitCode = 1
}
