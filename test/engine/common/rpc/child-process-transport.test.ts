/** The RPC between two real processes: cloning, cancellation, and every way in which the child can end. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { createCaller } from '#engine/common/rpc/caller.ts'
import { childProcessTransport } from '#engine/common/rpc/child-process-transport.ts'
import { parentProcessTransport } from '#engine/common/rpc/parent-process-transport.ts'
import { bundledScript } from '#test/support/bundled-script.ts'
import { testContract } from './test-contract.ts'

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

function start(options: { execPath?: string } = {}) {
  const script = bundledScript(fileURLToPath(new URL('./child.ts', import.meta.url)))
  const child = fork(script, { serialization: 'advanced', execArgv: [], ...options })
  ended.push(() => child.kill('SIGKILL'))
  const transport = childProcessTransport(child)
  const faults: unknown[] = []
  const caller = createCaller(testContract, transport, (error) => faults.push(error))
  return { child, caller, transport, faults }
}

test('a large matrix crosses to the child and back unharmed', async () => {
  const { caller } = start()
  // 40 MB, more than a pipe holds at once, at an offset that is no multiple of 8 in its buffer.
  const data = new Float32Array(10_000_001).subarray(1)
  for (let i = 0; i < data.length; i++) data[i] = Math.sin(i)
  const negated = await caller.call('negate', { rows: 1000, columns: 10_000, data })
  expect(negated.data).toBeInstanceOf(Float32Array)
  expect(negated.data.length).toBe(data.length)
  expect(negated.data.every((value, i) => value === -data[i])).toBe(true)
})

test('events, progress and a cancel cross', async () => {
  const { caller, child } = start()
  const greeted = new Promise((resolve) => caller.onEvent('greeted', resolve))
  const steps: number[] = []
  await caller.call('count', { to: 3 }, { onProgress: ({ done }) => steps.push(done) })
  expect(steps).toEqual([1, 2, 3])
  expect(await greeted).toEqual({ name: `process ${child.pid}` })

  const controller = new AbortController()
  const call = caller.call('wait', { name: 'a' }, { signal: controller.signal })
  controller.abort()
  await expect(call).rejects.toMatchObject({ code: 'cancelled' })
})

test('results and arguments that cannot be cloned say so and leave the child alive', async () => {
  const { caller } = start()
  await expect(caller.call('answer', { with: 'function' })).rejects.toThrow('The result of answer')
  const args = { value: 1, extra: () => 1 }
  await expect(caller.call('double', args)).rejects.toThrow('The arguments of double')
  expect(await caller.call('double', { value: 2 })).toEqual({ value: 4 })
})

test.skipIf(process.platform === 'win32')('a child ended by SIGKILL rejects what is pending', async () => {
  const { caller, child } = start()
  await caller.call('double', {})
  const calls = Promise.allSettled(['a', 'b'].map((name) => caller.call('wait', { name })))
  child.kill('SIGKILL')
  for (const outcome of await calls) {
    expect(outcome).toMatchObject({
      reason: { code: 'engine-died', detail: { found: 'the process was ended by SIGKILL' } }
    })
  }
})

test('a child that exits by itself says with which code', async () => {
  const { caller } = start()
  await expect(caller.call('die', {})).rejects.toThrow('the process exited with code 7')
})

test('a child that cannot be started rejects with the reason', async () => {
  const { caller } = start({ execPath: '/nowhere/node' })
  await expect(caller.call('double', {})).rejects.toThrow('could not be started')
})

test('closing from this side ends both', async () => {
  const { caller, child, transport } = start()
  await caller.call('double', {})
  const closed = new Promise((resolve) => transport.onClose(resolve))
  transport.close()
  await once(child, 'exit')
  expect(await closed).toBe('the process exited with code 0')
})

test('without a parent there is a clear error', () => {
  const { send } = process
  process.send = undefined
  try {
    expect(() => parentProcessTransport()).toThrow('without a channel')
  } finally {
    process.send = send
  }
})
