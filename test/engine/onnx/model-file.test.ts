import { copyFile, mkdir, open, readFile, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { continueGraph, graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { ModelProto, TensorProto } from '#engine/onnx/messages.ts'
import { readModelFile } from '#engine/onnx/model-file.ts'
import { decodeModel, encodeModel } from '#engine/onnx/model-proto.ts'
import { storedInitializer } from '#engine/onnx/stored-initializer.ts'
import { writeWithExternalData } from '#test/support/external-data.ts'
import { referenceFamilies } from '#test/support/reference-models.ts'
import { float32Data, referenceModel, runOnce } from '#test/support/reference-runs.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function decodedReference(): Promise<ModelProto> {
  const { path } = await referenceModel('bert')
  return decodeModel(await readFile(path), path)
}

/** A model with one external tensor of 8 float32 values, whose entries a test may falsify. */
function modelWithExternal(entries: Record<string, string>, dims = [8n]): Uint8Array {
  const graph = graphBuilder({ opset: 17 })
  const tensor: TensorProto = {
    name: 'weight',
    dims,
    dataType: 1,
    dataLocation: 1,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value }))
  }
  graph.model.graph.initializer.push(tensor)
  return graph.build()
}

async function writeExternal(entries: Record<string, string>, dims?: bigint[]): Promise<string> {
  const folder = join(await temporaryFolder(), 'model')
  await mkdir(folder)
  await writeFile(join(folder, 'weights.bin'), new Uint8Array(new Float32Array(8).fill(0.5).buffer))
  await writeFile(join(folder, 'model.onnx'), modelWithExternal(entries, dims))
  return join(folder, 'model.onnx')
}

describe('readModelFile', () => {
  it.each(referenceFamilies)(
    'leaves the weights of %s where they lie, and sessions find them there',
    async (family) => {
      const model = await referenceModel(family)
      const file = await readModelFile(model.path)
      const bytes = encodeModel(file.model)
      expect(bytes.length).toBeLessThan(70_000)
      expect(file.model.graph.initializer.every(({ rawData = [] }) => rawData.length <= 1024)).toBe(true)
      const [answer, plain] = [
        await runOnce(bytes, model.feeds, file.folder),
        await runOnce(model.path, model.feeds)
      ]
      expect(float32Data(answer, 'logits')).toEqual(float32Data(plain, 'logits'))
    }
  )

  it('reads weights of the file itself whose place is stated as the default', async () => {
    const graph = graphBuilder({ opset: 17 })
    const values = Float32Array.from({ length: 300 }, (_, at) => at / 4)
    graph.initializer('weight', 'float32', [300], values)
    graph.model.graph.initializer[0].dataLocation = 0
    const path = join(await temporaryFolder(), 'model.onnx')
    await writeFile(path, graph.build())
    const file = await readModelFile(path)
    expect(file.model.graph.initializer[0].rawData ?? []).toHaveLength(0)
    expect(await storedInitializer(file.model.graph.initializer[0], file).read()).toEqual(values)
  })

  it('reads models whose weights are in another file', async () => {
    const model = await referenceModel('bert')
    const path = await writeWithExternalData(
      await decodedReference(),
      await temporaryFolder(),
      'model.onnx_data'
    )
    const file = await readModelFile(path)
    const answer = await runOnce(encodeModel(file.model), model.feeds, file.folder)
    expect(float32Data(answer, 'logits')).toEqual(
      float32Data(await runOnce(model.path, model.feeds), 'logits')
    )
  })

  it('reads initializers by range, from the file or from the message', async () => {
    const inFile = await readModelFile((await referenceModel('bert')).path)
    const inMemory = await decodedReference()
    for (const [index, tensor] of inFile.model.graph.initializer.entries()) {
      const stored = storedInitializer(tensor, inFile)
      const held = storedInitializer(inMemory.graph.initializer[index], inFile)
      expect(stored).toMatchObject({ name: held.name, dtype: held.dtype, shape: held.shape })
      expect(await stored.read()).toEqual(await held.read())
    }
  })

  it('reads values in every field that exporters use', async () => {
    const folder = await temporaryFolder()
    const graph = graphBuilder({ opset: 17 })
    const listed: Partial<TensorProto>[] = [
      { dataType: 1, floatData: [0.5, -2] },
      { dataType: 10, int32Data: [0x3800, 0xc000] },
      { dataType: 3, int32Data: [7, -2] },
      { dataType: 7, int64Data: [7n, -2n] },
      { dataType: 11, doubleData: [0.5, -2] }
    ]
    for (const fields of listed)
      graph.model.graph.initializer.push({ name: `t${fields.dataType}`, dims: [2n], dataType: 0, ...fields })
    await writeFile(join(folder, 'model.onnx'), graph.build())
    const file = await readModelFile(join(folder, 'model.onnx'))
    const read = await Promise.all(file.model.graph.initializer.map((t) => storedInitializer(t, file).read()))
    expect(read.map((values) => [...values])).toEqual([
      [0.5, -2],
      [0.5, -2],
      [7, -2],
      [7, -2],
      [0.5, -2]
    ])
    const short = { ...file.model.graph.initializer[0], dims: [3n] }
    await expect(async () => await storedInitializer(short, file).read()).rejects.toMatchObject({
      code: 'file-malformed',
      detail: { found: '2 values', expected: '3 values' }
    })
  })

  it.skipIf(process.platform === 'win32')(
    'reads and runs weights that lie beyond 4 GB (skipped on Windows: needs files with holes)',
    async () => {
      const offset = 5 * 2 ** 30 + 4
      const path = await writeExternal({ location: 'large.bin', offset: String(offset), length: '32' })
      const large = await open(join(path, '../large.bin'), 'w')
      await large.write(new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer), 0, 32, offset)
      await large.close()
      const file = await readModelFile(path)
      const [weight] = file.model.graph.initializer
      expect([...(await storedInitializer(weight, file).read())]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      const graph = continueGraph(file.model)
      graph.output(graph.namedNode('twice', 'Add', ['weight', 'weight']), 'float32', [8])
      const answer = await runOnce(graph.build(), {}, file.folder)
      expect([...float32Data(answer, 'twice')]).toEqual([2, 4, 6, 8, 10, 12, 14, 16])
    }
  )

  it('refuses a file that was cut off, wherever', async () => {
    const folder = await temporaryFolder()
    const { path } = await referenceModel('albert')
    const { length } = await readFile(path)
    for (const size of [length - 1, Math.floor(length / 2), 5000, 3]) {
      const cut = join(folder, `${size}.onnx`)
      await copyFile(path, cut)
      await truncate(cut, size)
      await expect(readModelFile(cut)).rejects.toMatchObject({ code: 'file-malformed' })
    }
  })

  it('refuses a length beyond the file before memory is taken', async () => {
    const path = join(await temporaryFolder(), 'model.onnx')
    // graph (field 7) of 2^50 bytes
    await writeFile(path, Uint8Array.of(0x3a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2, 0))
    await expect(readModelFile(path)).rejects.toMatchObject({
      code: 'file-malformed',
      detail: { found: `a field of ${2 ** 50} bytes` }
    })
  })

  it.each<[string, Record<string, string>, string, string]>([
    ['a file that is not there', { location: 'other.bin' }, 'file-not-found', 'other.bin'],
    ['a path out of the folder', { location: '../outside.bin' }, 'file-unsafe', '../outside.bin'],
    ['an absolute path', { location: '/etc/hostname' }, 'file-unsafe', '/etc/hostname'],
    ['an offset beyond the file', { location: 'weights.bin', offset: '4' }, 'file-malformed', '36'],
    ['another length than the shape’s', { location: 'weights.bin', length: '16' }, 'file-malformed', '16'],
    ['a length that is no number', { location: 'weights.bin', length: '1e1' }, 'file-malformed', '1e1'],
    ['a negative offset', { location: 'weights.bin', offset: '-4' }, 'file-malformed', '-4']
  ])('refuses external data with %s', async (_, entries, code, found) => {
    const path = await writeExternal(entries)
    await writeFile(join(path, '../../outside.bin'), new Uint8Array(32))
    await expect(readModelFile(path)).rejects.toMatchObject({
      code,
      detail: { found: expect.stringContaining(found) }
    })
  })

  it('refuses a link out of the folder, and follows one within', async () => {
    const path = await writeExternal({ location: 'link.bin' })
    const folder = join(path, '..')
    const outside = join(folder, '../outside.bin')
    await writeFile(outside, new Uint8Array(32))
    await symlink(outside, join(folder, 'link.bin'))
    await expect(readModelFile(path)).rejects.toMatchObject({ code: 'file-unsafe' })

    const within = await writeExternal({ location: 'link.bin' })
    await symlink('weights.bin', join(within, '../link.bin'))
    const file = await readModelFile(within)
    const [weight] = file.model.graph.initializer
    expect(weight.externalData?.[0]).toEqual({ key: 'location', value: 'weights.bin' })
    expect(await storedInitializer(weight, file).read()).toEqual(new Float32Array(8).fill(0.5))
  })

  it('follows a link to the model itself, as caches of downloads have them', async () => {
    const model = await referenceModel('gpt2')
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'snapshot'))
    await copyFile(model.path, join(folder, 'blob'))
    await symlink('../blob', join(folder, 'snapshot/model.onnx'))
    const file = await readModelFile(join(folder, 'snapshot/model.onnx'))
    const answer = await runOnce(encodeModel(file.model), model.feeds, file.folder)
    expect(float32Data(answer, 'logits').length).toBe(model.logits.length)
  })

  it('says which file is missing', async () => {
    const path = join(await temporaryFolder(), 'model.onnx')
    await expect(readModelFile(path)).rejects.toMatchObject({
      code: 'file-not-found',
      detail: { where: path }
    })
  })
})
