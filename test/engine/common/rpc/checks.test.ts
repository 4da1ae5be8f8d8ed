/** What arrives is checked on both sides; messages here are written by hand, as a faulty peer would. */
import { describe, expect, test } from 'vitest'
import { createCaller } from '#engine/common/rpc/caller.ts'
import { createTransportPair } from '#engine/common/rpc/in-memory-transport.ts'
import { serve } from '#engine/common/rpc/serve.ts'
import { testContract, testHandlers } from './test-contract.ts'

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

/** A server, the bare transport to it, and what came back. */
function bareServer() {
  const [near, far] = createTransportPair()
  const faults: unknown[] = []
  const replies: unknown[] = []
  near.onMessage((message) => replies.push(message))
  const server = serve(testContract, far, testHandlers, (error) => faults.push(error))
  return { near, server, faults, replies }
}

/** A caller whose peer is written by the test: it answers each message with what `reply` gives. */
function bareCaller(reply: (id: number) => unknown[]) {
  const [near, far] = createTransportPair()
  const faults: unknown[] = []
  const caller = createCaller(testContract, near, (error) => faults.push(error))
  let id = 0
  far.onMessage(() => {
    for (const message of reply(id)) far.send(message)
    id++
  })
  return { caller, far, faults }
}

describe('the server', () => {
  test.each([
    ['arguments of another form', 'double', { value: 'two' }, { code: 'bad-argument', where: 'value' }],
    [
      'a matrix whose data has another length',
      'negate',
      { rows: 2, columns: 2, data: new Float32Array(3) },
      { code: 'bad-argument', found: 'the data is not rows × columns long' }
    ],
    ['a method that is none', 'triple', {}, { code: 'unsupported', found: 'triple' }],
    ['a method named like a property of every object', 'toString', {}, { code: 'unsupported' }]
  ])('refuses %s', async (_, method, args, error) => {
    const { near, replies } = bareServer()
    near.send({ kind: 'call', id: 1, method, arguments: args })
    await settled()
    expect(replies).toEqual([{ kind: 'error', id: 1, error: expect.objectContaining(error) }])
  })

  test('answers a malformed message where its number can be read, and reports it where not', async () => {
    const { near, replies, faults } = bareServer()
    near.send({ kind: 'call', id: 5 })
    near.send({ kind: 'shout', id: -1 })
    near.send('not even an object')
    await settled()
    expect(replies).toEqual([
      { kind: 'error', id: 5, error: expect.objectContaining({ code: 'bad-argument' }) }
    ])
    expect(faults).toHaveLength(2)
  })

  test('reports a number that is in use and goes on with the first call', async () => {
    const { near, replies, faults } = bareServer()
    near.send({ kind: 'call', id: 1, method: 'count', arguments: { to: 1 } })
    near.send({ kind: 'call', id: 1, method: 'double', arguments: {} })
    await settled()
    expect(faults).toEqual([expect.objectContaining({ message: expect.stringContaining('number 1') })])
    expect(replies.at(-1)).toEqual({ kind: 'result', id: 1, value: { counted: 1 } })
  })

  test('ignores a cancel for a call that has ended', async () => {
    const { near, replies, faults } = bareServer()
    near.send({ kind: 'cancel', id: 3 })
    await settled()
    expect([replies, faults]).toEqual([[], []])
  })
})

describe('the caller', () => {
  test('rejects a result of another form and names the method', async () => {
    const { caller } = bareCaller((id) => [{ kind: 'result', id, value: { value: 'one' } }])
    await expect(caller.call('agreed', {})).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('the result of agreed'),
      detail: { where: 'value' }
    })
  })

  test('reports progress of another form and still gives the result', async () => {
    const { caller, faults } = bareCaller((id) => [
      { kind: 'progress', id, progress: { done: 'a bit' } },
      { kind: 'result', id, value: { value: 1 } }
    ])
    const seen: unknown[] = []
    expect(await caller.call('agreed', {}, { onProgress: (progress) => seen.push(progress) })).toEqual({
      value: 1
    })
    expect(seen).toEqual([])
    expect(faults).toEqual([
      expect.objectContaining({ message: expect.stringContaining('progress of agreed') })
    ])
  })

  test('fails the call that a malformed reply is about', async () => {
    const { caller } = bareCaller((id) => [{ kind: 'error', id, error: 'not an error as data' }])
    await expect(caller.call('agreed', {})).rejects.toThrow('does not have the agreed form')
  })

  test('reports a malformed message that is about no call', async () => {
    const { far, faults } = bareCaller(() => [])
    far.send(null)
    await settled()
    expect(faults).toHaveLength(1)
  })

  test('a reply that comes after the end of its call changes nothing', async () => {
    const { caller, faults } = bareCaller((id) => [
      { kind: 'result', id, value: { value: 1 } },
      { kind: 'progress', id, progress: { done: 1, total: 1, label: 'late' } },
      { kind: 'error', id, error: { code: 'internal', message: 'late', causes: [] } }
    ])
    expect(await caller.call('agreed', {})).toEqual({ value: 1 })
    await settled()
    expect(faults).toEqual([])
  })
})

describe('events', () => {
  test('reach their listeners until these are taken away', async () => {
    const [near, far] = createTransportPair()
    const faults: unknown[] = []
    const server = serve(testContract, far, testHandlers, (error) => faults.push(error))
    const caller = createCaller(testContract, near, (error) => faults.push(error))
    const names: string[] = []
    const stop = caller.onEvent('greeted', ({ name }) => names.push(name))
    caller.onEvent('greeted', ({ name }) => names.push(name.toUpperCase()))
    server.emit('greeted', { name: 'ada' })
    await settled()
    stop()
    server.emit('greeted', { name: 'bob' })
    await settled()
    expect(names).toEqual(['ada', 'ADA', 'BOB'])
    expect(faults).toEqual([])
  })

  test('of another form or an unknown name are reported and not handed on', async () => {
    const { caller, far, faults } = bareCaller(() => [])
    const seen: unknown[] = []
    caller.onEvent('greeted', (payload) => seen.push(payload))
    far.send({ kind: 'event', name: 'greeted', payload: { name: 3 } })
    far.send({ kind: 'event', name: 'constructor', payload: {} })
    await settled()
    expect(seen).toEqual([])
    expect(faults).toHaveLength(2)
  })
})
