/** A real engine of which a few methods misbehave, each in its own way, for the tests of the supervision. */
import { engineContract } from '../../../engine/contract/engine-methods.ts'
import { createHandlers } from '../../../engine/handlers.ts'
import { parentProcessTransport } from '../../../engine/rpc/parent-process-transport.ts'
import { serve } from '../../../engine/rpc/serve.ts'
import { tryDevice } from '../../../engine/runtime/device-trial.ts'
import { createDevices } from '../../../engine/runtime/devices.ts'
import { untilAborted } from '../../engine/rpc/test-contract.ts'

const transport = parentProcessTransport()
const server = serve(
  engineContract,
  transport,
  {
    ...createHandlers(createDevices(tryDevice, () => {})),
    /** Never ends by itself, but when it is cancelled. */
    'devices.measure'(_, { signal, progress }) {
      progress({ done: 0, total: 1, label: 'waiting' })
      return untilAborted(signal)
    },
    /** Blocks the whole process for ever. */
    'agree.run'(_, { progress }) {
      progress({ done: 0, total: 1, label: 'stuck' })
      for (;;);
    },
    /** Ends the process. */
    'anchors.read': () => process.exit(9)
  },
  (fault) => {
    throw fault
  }
)
transport.onClose(() => process.exit(0))
process.stderr.write('a line on standard error\n')
server.emit('devices.measured', [])
