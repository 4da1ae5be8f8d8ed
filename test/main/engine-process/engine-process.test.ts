/** The supervision of the engine, with real processes that are killed, die, hang and are stopped. */
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import {
  createEngineProcess,
  type EngineProcess,
  type EngineProcessSettings
} from '#main/engine-process/engine-process.ts'
import { forkEngine } from '#main/engine-process/fork-engine.ts'
import { bundledScript } from '#test/support/bundled-script.ts'

const path = bundledScript(fileURLToPath(new URL('./faulty-engine.ts', import.meta.url)))

const open: EngineProcess[] = []
afterEach(async () => {
  for (const engine of open.splice(0)) await engine.stop()
})

function createEngine(settings: Partial<EngineProcessSettings> = {}) {
  const lines: string[] = []
  const log = pino({}, { write: (line: string) => lines.push(line) })
  const engine = createEngineProcess({ start: () => forkEngine(path, log), log, ...settings })
  open.push(engine)
  return { engine, lines }
}

const processId = async (engine: EngineProcess): Promise<number> =>
  (await engine.call('engine.info', {})).processId

/** Starts a call that does not end by itself, and waits until the engine is in the middle of it. */
async function callInProgress(
  engine: EngineProcess,
  method: 'devices.measure' | 'verify.run',
  signal?: AbortSignal
) {
  let outcome: Promise<unknown> = Promise.resolve()
  await new Promise<void>((resolve) => {
    const options = { signal, onProgress: () => resolve() }
    const call =
      method === 'verify.run'
        ? engine.call(method, { folder: 'nowhere' }, options)
        : engine.call(method, {}, options)
    outcome = call.catch((error: unknown) => error)
  })
  return { outcome }
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}

describe('a dying engine', () => {
  test('killed in the middle of a call it rejects the call with the reason and is started anew', async () => {
    const { engine, lines } = createEngine()
    const first = await processId(engine)
    const { outcome } = await callInProgress(engine, 'devices.measure')
    process.kill(first, 'SIGKILL')
    const found = process.platform === 'win32' ? expect.any(String) : 'the process was ended by SIGKILL'
    expect(await outcome).toMatchObject({ code: 'engine-died', detail: { where: 'devices.measure', found } })
    const second = await processId(engine)
    expect(second).not.toBe(first)
    expect(isAlive(first)).toBe(false)
    expect(lines.join('')).toContain('the engine ended')
  })

  test('is not started a fourth time within five minutes, until somebody asks for it', async () => {
    const { engine } = createEngine()
    for (let i = 0; i < 3; i++) {
      await expect(engine.call('anchors.read', { path: 'a' })).rejects.toMatchObject({ code: 'engine-died' })
    }
    await expect(processId(engine)).rejects.toMatchObject({
      code: 'engine-unavailable',
      detail: { found: expect.stringContaining('the process exited with code 9') }
    })
    engine.restart()
    expect(await processId(engine)).toBeGreaterThan(0)
  })

  test('that was given up is started by the first call after the deaths lie five minutes back', async () => {
    let time = 0
    const { engine } = createEngine({ now: () => time })
    const heard: unknown[] = []
    engine.onGivenUp((givenUp) => heard.push(givenUp))
    for (const minutes of [0, 2, 4]) {
      time = minutes * 60_000
      await expect(engine.call('anchors.read', { path: 'a' })).rejects.toMatchObject({ code: 'engine-died' })
    }
    const givenUp = { reason: expect.stringContaining('it ended 3 times in 5 minutes'), until: 5 * 60_000 }
    expect(engine.givenUp()).toEqual(givenUp)
    time = 5 * 60_000 - 1
    await expect(processId(engine)).rejects.toMatchObject({
      code: 'engine-unavailable',
      detail: { next: expect.stringContaining('in 1 min') }
    })
    time = 5 * 60_000
    expect(await processId(engine)).toBeGreaterThan(0)
    expect(engine.givenUp()).toBeNull()
    expect(heard).toEqual([givenUp, null])
  })

  test('deaths that lie further apart than five minutes are no reason to stop', async () => {
    let time = 0
    const { engine } = createEngine({ now: () => time })
    for (let i = 0; i < 4; i++) {
      time += 3 * 60_000
      await expect(engine.call('anchors.read', { path: 'a' })).rejects.toMatchObject({ code: 'engine-died' })
    }
    expect(await processId(engine)).toBeGreaterThan(0)
  })

  test('at the same file twice names it and sets it aside, until somebody asks for it again', async () => {
    const { engine, lines } = createEngine()
    let told = 0
    engine.onSetAside(() => told++)
    const bad = { path: '/models/bad.json' }
    await expect(engine.call('anchors.read', bad)).rejects.toMatchObject({ code: 'engine-died' })
    const refused = {
      code: 'file-unsafe',
      message: 'This file ended the engine twice.',
      detail: { where: bad.path, next: expect.stringContaining('“Try again”') }
    }
    await expect(engine.call('anchors.read', bad)).rejects.toMatchObject(refused)
    expect(engine.setAside()).toEqual([[bad.path]])
    expect([told, engine.givenUp()]).toEqual([1, null])
    const third = await processId(engine)
    await expect(engine.call('anchors.read', bad)).rejects.toMatchObject(refused)
    // It was not sent: the process is the same.
    expect(await processId(engine)).toBe(third)
    expect(lines.join('')).toContain('set aside')
    engine.restart()
    expect(engine.setAside()).toEqual([])
    await expect(engine.call('anchors.read', bad)).rejects.toMatchObject({ code: 'engine-died' })
  })

  test('killed twice from outside in the middle of a file names the file', async () => {
    const { engine } = createEngine()
    const folder = { folder: '/models/large' }
    for (const code of ['engine-died', 'file-unsafe']) {
      let outcome: Promise<unknown> = Promise.resolve()
      const id = await processId(engine)
      await new Promise<void>((resolve) => {
        outcome = engine.call('verify.run', folder, { onProgress: () => resolve() }).catch((error) => error)
      })
      process.kill(id, 'SIGKILL')
      expect(await outcome).toMatchObject({ code })
    }
    expect(engine.setAside()).toEqual([['/models/large']])
  })

  test('a file that is no engine is reported as such', async () => {
    const { engine } = createEngine({
      start: () => forkEngine('/nowhere/engine.js', pino({ enabled: false }))
    })
    await expect(processId(engine)).rejects.toMatchObject({ code: 'engine-died' })
  })
})

describe('a cancelled call', () => {
  test('that ends in time leaves the process alone', async () => {
    const { engine } = createEngine({ stuckAfterMilliseconds: 1500 })
    const first = await processId(engine)
    const controller = new AbortController()
    const { outcome } = await callInProgress(engine, 'devices.measure', controller.signal)
    controller.abort()
    expect(await outcome).toMatchObject({ code: 'cancelled' })
    await new Promise((resolve) => setTimeout(resolve, 2000))
    expect(await processId(engine)).toBe(first)
  })

  test('that is stuck has its process killed, without counting as a death', async () => {
    const { engine } = createEngine({ stuckAfterMilliseconds: 200 })
    const ids = new Set<number>()
    for (let i = 0; i < 3; i++) {
      ids.add(await processId(engine))
      const other = await callInProgress(engine, 'devices.measure')
      const controller = new AbortController()
      const stuck = await callInProgress(engine, 'verify.run', controller.signal)
      controller.abort()
      expect(await stuck.outcome).toMatchObject({ code: 'cancelled' })
      expect(await other.outcome).toMatchObject({
        code: 'engine-died',
        detail: { found: 'verify.run was cancelled and did not end' }
      })
    }
    ids.add(await processId(engine))
    expect(ids.size).toBe(4)
  })
})

describe('stop', () => {
  test('ends the process, rejects what is pending and what comes later', async () => {
    const { engine } = createEngine()
    const id = await processId(engine)
    const { outcome } = await callInProgress(engine, 'devices.measure')
    await engine.stop()
    expect(isAlive(id)).toBe(false)
    expect(await outcome).toMatchObject({ code: 'engine-died', detail: { found: 'the engine was stopped' } })
    await expect(processId(engine)).rejects.toMatchObject({ code: 'engine-unavailable' })
  })

  test('kills a process that does not leave', async () => {
    const { engine, lines } = createEngine({ leaveWithinMilliseconds: 200 })
    const id = await processId(engine)
    await callInProgress(engine, 'verify.run')
    await engine.stop()
    expect(isAlive(id)).toBe(false)
    expect(lines.join('')).toContain('did not leave in time')
  })

  test('before anything was called does nothing', async () => {
    const { engine, lines } = createEngine()
    await engine.stop()
    expect(lines).toEqual([])
  })
})

test('lines on standard error are logged', async () => {
  const { engine, lines } = createEngine()
  await processId(engine)
  await expect.poll(() => lines.join('')).toContain('a line on standard error')
})
