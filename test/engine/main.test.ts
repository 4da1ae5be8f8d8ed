/** The built engine as a process: it answers, and it lives and dies with the process that started it. */
import { execFile, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pino from 'pino'
import { afterEach, expect, test } from 'vitest'
import { engineContract } from '#engine/common/contract/engine-methods.ts'
import { createCaller } from '#engine/common/rpc/caller.ts'
import { childProcessTransport } from '#engine/common/rpc/child-process-transport.ts'
import { createEngineProcess } from '#main/engine-process/engine-process.ts'
import { forkEngine } from '#main/engine-process/fork-engine.ts'

const path = fileURLToPath(new URL('../../out/engine.js', import.meta.url))

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

function start() {
  const child = fork(path, { serialization: 'advanced', execArgv: [] })
  ended.push(() => child.kill('SIGKILL'))
  const caller = createCaller(engineContract, childProcessTransport(child), (fault) => {
    throw fault
  })
  return { child, caller }
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}

test('answers engine.info to the workbench', async () => {
  const log = pino({ enabled: false })
  const engine = createEngineProcess({ start: () => forkEngine(path, log), log })
  const info = await engine.call('engine.info', {})
  await engine.stop()
  expect(info.versions).toEqual({
    node: process.versions.node,
    onnxruntime: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    tokenizers: expect.stringMatching(/^\d+\.\d+\.\d+$/)
  })
  expect(info.providers).toContainEqual({ name: 'cpu', bundled: true })
  expect(info.processId).not.toBe(process.pid)
})

test('is cancelled in the middle of a long search, and answers the next call', async () => {
  const { caller } = start()
  const folder = fileURLToPath(new URL('../fixtures/reference/models/tiny-bert', import.meta.url))
  const { width } = await caller.call('models.inspect', { folder })
  const { anchors } = await caller.call('anchors.build', { name: 'all', models: [{ folder }], recipe: {} })
  const prompt = {
    rows: 1,
    columns: width,
    data: Float32Array.from({ length: width }, (_, i) => Math.sin(i))
  }
  const controller = new AbortController()
  let steps = 0
  const search = caller.call(
    'transfer.run',
    {
      sources: [{ model: { folder }, prompt, weight: 1 }],
      target: { folder },
      anchors,
      mask: { kind: 'all' },
      search: { kind: 'adam', steps: 10_000_000, seed: 1 },
      rescale: 'none',
      device: 'cpu'
    },
    {
      signal: controller.signal,
      onProgress: ({ done }) => {
        steps = done
        if (done > 10) controller.abort()
      }
    }
  )
  await expect(search).rejects.toMatchObject({ code: 'cancelled' })
  expect(steps).toBeGreaterThan(10)
  expect(await caller.call('engine.info', {})).toMatchObject({ versions: { node: process.versions.node } })
})

test('leaves when its channel is closed', async () => {
  const { child, caller } = start()
  await caller.call('engine.info', {})
  child.disconnect()
  expect(await once(child, 'exit')).toEqual([0, null])
})

test.skipIf(process.platform === 'win32')('leaves when the process that started it is killed', async () => {
  const script = `
    const engine = require('node:child_process').fork(${JSON.stringify(path)}, { serialization: 'advanced' })
    engine.send({ kind: 'call', id: 0, method: 'engine.info', arguments: {} })
    engine.on('message', () => console.log(engine.pid))`
  const parent = spawn(process.execPath, ['--eval', script])
  ended.push(() => parent.kill('SIGKILL'))
  const [line] = await once(parent.stdout, 'data')
  const id = Number(line)
  expect(isAlive(id)).toBe(true)
  parent.kill('SIGKILL')
  await expect.poll(() => isAlive(id), { timeout: 30_000 }).toBe(false)
})

test.skipIf(process.platform === 'win32')('leaves what ends a whole group to the workbench', async () => {
  const { child, caller } = start()
  await caller.call('engine.info', {})
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) child.kill(signal)
  expect(await caller.call('engine.info', {})).toMatchObject({ processId: child.pid })
})

test('started by hand it says what to do instead', async () => {
  const run = promisify(execFile)(process.execPath, [path])
  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Use the anchorage command')
  })
})
