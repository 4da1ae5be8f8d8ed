/** A process that serves a few of the engine's methods and misbehaves in each, to test the supervision. */
import { engineMethods } from '#engine/common/contract/engine-methods.ts'
import { parentProcessTransport } from '#engine/common/rpc/parent-process-transport.ts'
import { serve } from '#engine/common/rpc/serve.ts'
import { untilAborted } from '#test/engine/common/rpc/test-contract.ts'

const contract = {
  methods: {
    'engine.info': engineMethods['engine.info'],
    'devices.measure': engineMethods['devices.measure'],
    'verify.run': engineMethods['verify.run'],
    'anchors.read': engineMethods['anchors.read']
  },
  events: {}
}

const transport = parentProcessTransport()
serve(
  contract,
  transport,
  {
    'engine.info': () => ({ versions: {}, providers: [], processId: process.pid }),
    /** Never ends by itself, but when it is cancelled. */
    'devices.measure'(_, { signal, progress }) {
      progress({ done: 0, total: 1, label: 'waiting' })
      return untilAborted(signal)
    },
    /** Blocks the whole process for ever. */
    'verify.run'(_, { progress }) {
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
