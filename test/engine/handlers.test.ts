/** The engine's methods through the RPC, on the reference models: what is asked for comes back whole. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { engineContract } from '#engine/common/contract/engine-methods.ts'
import { createCaller } from '#engine/common/rpc/caller.ts'
import { createTransportPair } from '#engine/common/rpc/in-memory-transport.ts'
import { serve } from '#engine/common/rpc/serve.ts'
import { tryDevice } from '#engine/devices/device-trial.ts'
import { createDevices } from '#engine/devices/devices.ts'
import { createHandlers } from '#engine/handlers.ts'

const folder = mkdtempSync(join(tmpdir(), 'anchorage-handlers-'))
afterAll(() => rmSync(folder, { recursive: true }))

const model = (name: string) => ({
  folder: fileURLToPath(new URL(`../fixtures/reference/models/${name}`, import.meta.url))
})

const [near, far] = createTransportPair()
const fail = (fault: unknown): never => {
  throw fault
}
serve(engineContract, far, createHandlers(createDevices(tryDevice, ['cpu'])), fail)
const engine = createCaller(engineContract, near, fail)

test('models.inspect reports on a model folder', async () => {
  const report = await engine.call('models.inspect', model('tiny-albert'))
  expect(report).toMatchObject({ name: 'tiny-albert', family: 'albert' })
  expect(report.width).toBeGreaterThan(0)
})

test('an anchor set is built from two models, written and read again; writing over it is refused', async () => {
  const labels: string[] = []
  const set = await engine.call(
    'anchors.build',
    { name: 'two', models: [model('tiny-bert'), model('tiny-roberta')], recipe: {} },
    { onProgress: ({ label }) => labels.push(label) }
  )
  expect(set.anchors.length).toBeGreaterThan(0)
  expect(labels[0]).toContain('tiny-bert')

  const path = join(folder, 'two.txt')
  await engine.call('anchors.write', { set, path })
  const again = await engine.call('anchors.read', { path })
  expect([again.anchors, again.hash]).toEqual([set.anchors, set.hash])
  await expect(engine.call('anchors.write', { set, path })).rejects.toMatchObject({ code: 'write-failed' })
})

test('a prompt is written, found and read with the same numbers', async () => {
  const vectors = { rows: 2, columns: 3, data: new Float32Array([0.1, -2, 3e-8, 4, 5.5, -6]) }
  const path = join(folder, 'prompt.npy')
  const { files } = await engine.call('prompts.write', {
    format: 'npy',
    path,
    prompt: {
      name: 'a prompt',
      vectors,
      model: { name: null, tableFingerprint: null },
      task: null,
      relation: null,
      position: 'unknown',
      template: null,
      origin: { kind: 'run', run: 'one' },
      warnings: []
    }
  })
  expect(files).toContain(path)
  const { candidates } = await engine.call('prompts.inspect', { path })
  expect(candidates).toMatchObject([{ path, shape: [2, 3] }])
  expect((await engine.call('prompts.read', { path })).vectors).toEqual(vectors)
})

test('a transfer runs from model folders, on the device that auto chose', async () => {
  const [source, target] = [model('tiny-bert'), model('tiny-roberta')]
  const { width } = await engine.call('models.inspect', source)
  const { anchors } = await engine.call('anchors.build', {
    name: 'two',
    models: [source, target],
    recipe: {}
  })
  const data = Float32Array.from({ length: 2 * width }, (_, i) => Math.sin(i))
  const result = await engine.call('transfer.run', {
    sources: [{ model: source, prompt: { rows: 2, columns: width, data }, weight: 1 }],
    target,
    anchors,
    mask: { kind: 'all' },
    search: { kind: 'exact', ridge: 0.1 },
    rescale: 'after'
  })
  const { width: targetWidth } = await engine.call('models.inspect', target)
  expect(result.prompt).toMatchObject({ rows: 2, columns: targetWidth })
  expect(result.device).toBe('cpu')
})

test('an error names the file that is not there', async () => {
  const missing = join(folder, 'nothing.npy')
  await expect(engine.call('prompts.read', { path: missing })).rejects.toMatchObject({
    code: 'file-not-found',
    detail: { where: missing }
  })
})
