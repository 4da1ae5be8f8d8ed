/** The RPC over message ports: Node's own, in the form that Electron's have. */
import { expect, it } from 'vitest'
import { createCaller } from '#engine/common/rpc/caller.ts'
import { emittingPortEnd, messagePortTransport } from '#engine/common/rpc/message-port-transport.ts'
import { serve } from '#engine/common/rpc/serve.ts'
import type { Transport } from '#engine/common/rpc/transport.ts'
import { MessageChannelMain } from '#test/support/electron/ports.ts'
import { testContract, testHandlers } from './test-contract.ts'

function joined(): [Transport, Transport] {
  const { port1, port2 } = new MessageChannelMain()
  return [messagePortTransport(emittingPortEnd(port1)), messagePortTransport(emittingPortEnd(port2))]
}

function fail(fault: unknown): never {
  throw fault
}

it('carries calls and typed arrays as they are, and tells both sides of the end', async () => {
  const [here, there] = joined()
  serve(testContract, there, testHandlers, fail)
  const caller = createCaller(testContract, here, fail)
  const data = Float32Array.of(1, -0, Number.NaN)
  const { data: negated } = await caller.call('negate', { rows: 1, columns: 3, data })
  expect(negated).toEqual(Float32Array.of(-1, 0, Number.NaN))
  const pending = caller.call('wait', { name: 'ports' })
  const told = new Promise((resolve) => there.onClose(resolve))
  caller.close('enough')
  await expect(pending).rejects.toMatchObject({ code: 'engine-died', detail: { found: 'enough' } })
  expect(await told).toBe('the other side is gone')
})

it('refuses what can’t be cloned at once, and sends nothing after its end', async () => {
  const [here, there] = joined()
  const heard: unknown[] = []
  there.onMessage((message) => heard.push(message))
  expect(() => here.send({ f: () => {} })).toThrow()
  here.send('kept')
  here.close()
  here.send('lost')
  await new Promise((resolve) => there.onClose(resolve))
  expect(heard).toEqual(['kept'])
})
