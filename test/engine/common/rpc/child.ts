/** The child of the process test: serves the test contract over its channel to the parent. */
import { parentProcessTransport } from '#engine/common/rpc/parent-process-transport.ts'
import { serve } from '#engine/common/rpc/serve.ts'
import { testContract, testHandlers } from './test-contract.ts'

const server = serve(testContract, parentProcessTransport(), testHandlers, (error) => {
  throw error
})
server.emit('greeted', { name: `process ${process.pid}` })
