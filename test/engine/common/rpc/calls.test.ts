/** The RPC over the in-memory pair: calls, progress, events, cancellation, errors, checks on receipt. */
import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { createCaller } from '#engine/common/rpc/caller.ts'
import { createTransportPair } from '#engine/common/rpc/in-memory-transport.ts'
import { type Handlers, serve } from '#engine/common/rpc/serve.ts'
import type { Transport } from '#engine/common/rpc/transport.ts'
import { type TestContract, testContract, testHandlers, untilAborted } from './test-contract.ts'

/** A caller and a server joined in memory, with what was sent and what went wrong. */
function connect(handlers: Partial<Handlers<TestContract>> = {}) {
  const [near, far] = createTransportPair()
  const sent: unknown[] = []
  const faults: unknown[] = []
  const watched: Transport = {
    ...near,
    send(message) {
      sent.push(message)
      near.send(message)
    }
  }
  const fault = (error: unknown): void => {
    faults.push(error)
  }
  const server = serve(testContract, far, { ...testHandlers, ...handlers }, fault)
  const caller = createCaller(testContract, watched, fault)
  return { caller, server, near, far, sent, faults }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

describe('calls', () => {
  test('answers, with defaults of the arguments filled in', async () => {
    const { caller } = connect()
    const answer: { value: number } = await caller.call('double', {})
    expect(answer).toEqual({ value: 2 })
  })

  test('carries typed arrays intact, also views into a larger buffer', async () => {
    const { caller } = connect()
    const data = new Float32Array([9, 1.5, -2, Math.PI, 1e-38, 0]).subarray(1, 5)
    const { data: negated } = await caller.call('negate', { rows: 2, columns: 2, data })
    expect(negated).toBeInstanceOf(Float32Array)
    expect(negated).toEqual(data.map((value) => -value))
  })

  test('keeps two calls apart that run at once', async () => {
    const { caller } = connect()
    const progress: Record<string, number[]> = { long: [], short: [] }
    const results = await Promise.all([
      caller.call('count', { to: 5 }, { onProgress: ({ done }) => progress['long'].push(done) }),
      caller.call('count', { to: 2 }, { onProgress: ({ done }) => progress['short'].push(done) })
    ])
    expect(results).toEqual([{ counted: 5 }, { counted: 2 }])
    expect(progress).toEqual({ long: [1, 2, 3, 4, 5], short: [1, 2] })
  })

  test('hands progress on in order and before the result; none after the end', async () => {
    let late: ((progress: Progress) => void) | undefined
    const { caller, faults } = connect({
      agreed: (_, { progress }) => {
        late = progress
        progress({ done: 1, total: 2, label: 'half' })
        progress({ done: 2, total: 2, label: 'whole' })
        return { value: 1 }
      }
    })
    const seen: string[] = []
    await caller.call('agreed', {}, { onProgress: ({ label }) => seen.push(label) })
    late?.({ done: 3, total: 2, label: 'late' })
    await settled()
    expect(seen).toEqual(['half', 'whole'])
    expect(faults).toEqual([])
  })

  test('a listener to progress that throws is reported and harms no call', async () => {
    const { caller, faults } = connect()
    const onProgress = (): never => {
      throw new Error('broken listener')
    }
    expect(await caller.call('count', { to: 1 }, { onProgress })).toEqual({ counted: 1 })
    expect(faults).toEqual([new Error('broken listener')])
  })
})

describe('cancellation', () => {
  test('before the call nothing is sent', async () => {
    const { caller, sent } = connect()
    const call = caller.call('wait', { name: 'a' }, { signal: AbortSignal.abort() })
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
    expect(sent).toEqual([])
  })

  test('during the call aborts the signal of that handler alone', async () => {
    const aborted: string[] = []
    const { caller } = connect({
      wait({ name }, { signal }) {
        signal.addEventListener('abort', () => aborted.push(name))
        return untilAborted(signal)
      }
    })
    const [first, second] = [new AbortController(), new AbortController()]
    const one = caller.call('wait', { name: 'one' }, { signal: first.signal })
    const two = caller.call('wait', { name: 'two' }, { signal: second.signal })
    await settled()
    first.abort()
    await expect(one).rejects.toMatchObject({ code: 'cancelled' })
    expect(aborted).toEqual(['one'])
    second.abort()
    await expect(two).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('in the same turn as the call still reaches the handler', async () => {
    const { caller } = connect()
    const controller = new AbortController()
    const call = caller.call('wait', { name: 'a' }, { signal: controller.signal })
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('the promise settles only when the work has ended, with its result where it was done', async () => {
    let finish = (): void => {}
    const { caller } = connect({
      agreed: () =>
        new Promise((resolve) => {
          finish = () => resolve({ value: 3 })
        })
    })
    const controller = new AbortController()
    let ended = false
    const call = caller.call('agreed', {}, { signal: controller.signal }).finally(() => {
      ended = true
    })
    await settled()
    controller.abort()
    await settled()
    expect(ended).toBe(false)
    finish()
    expect(await call).toEqual({ value: 3 })
  })

  test('after the end sends nothing, and no listener is left on the signal', async () => {
    const { caller, sent } = connect()
    const controller = new AbortController()
    for (let i = 0; i < 20; i++) await caller.call('double', { value: i }, { signal: controller.signal })
    const wrong = caller.call('answer', { with: 'function' }, { signal: controller.signal })
    await expect(wrong).rejects.toThrow()
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    controller.abort()
    expect(sent).toHaveLength(21)
  })
})

describe('the end of the connection', () => {
  test('rejects every pending call with the reason and aborts the handlers', async () => {
    const reasons: unknown[] = []
    const { caller, far } = connect({
      wait(_, { signal }) {
        signal.addEventListener('abort', () => reasons.push(signal.reason))
        return untilAborted(signal)
      }
    })
    const controller = new AbortController()
    const calls = ['a', 'b'].map((name) => caller.call('wait', { name }, { signal: controller.signal }))
    const outcomes = Promise.allSettled(calls)
    await settled()
    far.close()
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'engine-died', detail: { where: 'wait', found: 'the connection was closed' } }
      })
    }
    expect(reasons).toHaveLength(2)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    await expect(caller.call('double', {})).rejects.toMatchObject({ code: 'engine-died' })
  })

  test('a close by the caller gives its own reason', async () => {
    const { caller } = connect()
    const call = caller.call('wait', { name: 'a' })
    caller.close('the window was closed')
    await expect(call).rejects.toThrow('the window was closed')
  })
})

describe('errors', () => {
  const failing = (error: unknown) =>
    connect({
      agreed: () => {
        throw error
      }
    }).caller.call('agreed', {})

  test('arrive with code, detail and causes', async () => {
    const detail = { where: 'a.npy', found: 'float16', expected: 'float32', next: 'Convert it.' }
    const call = failing(new AnchorageError('mismatch', 'The types differ.', detail, new Error('deep')))
    await expect(call).rejects.toMatchObject({ code: 'mismatch', message: 'The types differ.', detail })
    await expect(call).rejects.toBeInstanceOf(AnchorageError)
    await expect(call).rejects.toHaveProperty('cause.message', 'Error: deep')
  })

  const selfCaused = new Error('the true one')
  selfCaused.cause = selfCaused

  test.each([
    ['with a cause that cannot be cloned', new Error('the true one', { cause: () => 1 })],
    ['with a field that cannot be cloned', Object.assign(new Error('the true one'), { field: Symbol('s') })],
    ['that causes itself', selfCaused]
  ])('an error %s arrives as the true one', async (_, error) => {
    await expect(failing(error)).rejects.toMatchObject({ code: 'internal', message: 'the true one' })
  })

  test('a thrown value that has no text at all still arrives', async () => {
    await expect(failing(Object.create(null))).rejects.toMatchObject({ message: '[object Object]' })
  })

  test('a result that cannot be cloned names the method', async () => {
    const call = connect().caller.call('answer', { with: 'function' })
    await expect(call).rejects.toThrow('The result of answer cannot be sent')
  })

  test('arguments that cannot be cloned name the method, and the next call works', async () => {
    const { caller } = connect()
    const args = { value: 1, extra: () => 1 }
    await expect(caller.call('double', args)).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining('The arguments of double')
    })
    expect(await caller.call('double', { value: 4 })).toEqual({ value: 8 })
  })
})
