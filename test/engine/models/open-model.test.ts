import { createHash } from 'node:crypto'
import { copyFile, cp, mkdir, readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modelReportSchema } from '#engine/common/contract/models.ts'
import { modelFolder, tokens } from '#test/support/model-folder.ts'
import { openWithTable } from '#test/support/open-with-table.ts'
import { readReference, referenceTensor } from '#test/support/safetensors.ts'
import { floatTensor, writeRawSafetensors, writeSafetensors } from '#test/support/safetensors-file.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const models = join(import.meta.dirname, '../../fixtures/reference/models')
const torchFixtures = join(import.meta.dirname, '../../fixtures/torch')
const tableName = 'bert.embeddings.word_embeddings.weight'

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i + 1)))
}

async function folderWithTable(rows = tokens.length, columns = 4, name = tableName): Promise<string> {
  const folder = await modelFolder()
  const tables = { [name]: floatTensor([rows, columns], numbers(rows * columns)) }
  await writeSafetensors(join(folder, 'model.safetensors'), tables)
  return folder
}

describe.each(['bert', 'roberta', 'albert', 'gpt2'])('the folder of tiny-%s', (family) => {
  const folder = join(models, `tiny-${family}`)

  it('opens with the table that PyTorch has, from the ONNX graph', async () => {
    const reference = await readReference(join(folder, 'reference.safetensors'))
    const expected = referenceTensor(reference, 'word_embeddings')
    const { report, table } = await openWithTable({ folder })
    expect([table.rows, table.columns]).toEqual(expected.shape)
    expect(table.data).toEqual(expected.values)
    expect(modelReportSchema.parse(report)).toEqual(report)
    expect(report).toMatchObject({ family, width: table.columns, paddingRows: 0 })
    expect(report.graph.file).toBe('onnx/model.onnx')
    const bytes = new Uint8Array(
      expected.values.buffer,
      expected.values.byteOffset,
      expected.values.byteLength
    )
    expect(report.fingerprint.table).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  it('has the statistics of a plain float64 computation', async () => {
    const { report, table } = await openWithTable({ folder })
    const values = [...table.data]
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(Math.abs(report.mean - mean)).toBeLessThan(1e-15)
    expect(Math.abs(report.standardDeviation / Math.sqrt(variance) - 1)).toBeLessThan(1e-12)
  })
})

describe('statistics and rows', () => {
  it('leaves padding and reserved rows out and says so', async () => {
    const { report, usedRows, table } = await openWithTable({ folder: await folderWithTable(11) })
    expect(usedRows).toEqual([0, 1, 2, 3, 4, 6, 7])
    expect(report).toMatchObject({ vocabularySize: 8, rowsUsed: 7, paddingRows: 3 })
    const values = usedRows.flatMap((id) => [...table.data.subarray(id * 4, id * 4 + 4)])
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    expect(Math.abs(report.mean - mean)).toBeLessThan(1e-15)
    expect(report.notes.join(' ')).toMatch(/3 rows belong to no token/)
    expect(report.notes.join(' ')).toMatch(/1 reserved token/)
    expect(report.notes.join(' ')).toMatch(/11 rows, config.json says vocab_size 8/)
  })

  it('keeps its digits where the mean is large beside the spread', async () => {
    const folder = await modelFolder()
    const values = numbers(32).map((value) => Math.fround(1 + value / 1000))
    await writeSafetensors(join(folder, 'model.safetensors'), { [tableName]: floatTensor([8, 4], values) })
    const { report } = await openWithTable({ folder })
    const used = values.filter((_, i) => Math.floor(i / 4) !== 5).map((value) => value - 1)
    const mean = used.reduce((sum, value) => sum + value, 0) / used.length
    const variance = used.reduce((sum, value) => sum + (value - mean) ** 2, 0) / used.length
    expect(Math.abs(report.standardDeviation / Math.sqrt(variance) - 1)).toBeLessThan(1e-12)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s by its place', async (value) => {
    const folder = await modelFolder()
    const values = numbers(32)
    values[4 * 6 + 1] = value
    await writeSafetensors(join(folder, 'model.safetensors'), { [tableName]: floatTensor([8, 4], values) })
    const place = expect.stringContaining(`${tableName}, row 6, column 1`)
    await expect(openWithTable({ folder })).rejects.toMatchObject({
      code: 'bad-value',
      detail: { where: place }
    })
  })

  it('refuses a tokenizer whose tokens have no rows', async () => {
    const folder = await modelFolder({ vocab_size: 6 })
    await writeSafetensors(join(folder, 'model.safetensors'), {
      [tableName]: floatTensor([6, 4], numbers(24))
    })
    await expect(openWithTable({ folder })).rejects.toMatchObject({ code: 'mismatch' })
  })

  it("states Gemma's factor on embeddings", async () => {
    const folder = await modelFolder({
      model_type: 'gemma3',
      text_config: { model_type: 'gemma3_text', hidden_size: 4 }
    })
    const name = 'language_model.model.embed_tokens.weight'
    await writeSafetensors(join(folder, 'model.safetensors'), { [name]: floatTensor([8, 4], numbers(32)) })
    const { report } = await openWithTable({ folder })
    expect(report).toMatchObject({ embeddingScale: 2, family: 'gemma3_text', width: 4 })
  })
})

describe('weights', () => {
  it('come from torch files of both layouts', async () => {
    for (const layout of ['zip', 'legacy']) {
      const folder = await modelFolder({ vocab_size: 6, hidden_size: 4 })
      await writeFile(join(folder, 'vocab.txt'), tokens.slice(0, 6).join('\n'))
      await copyFile(join(torchFixtures, `state.${layout}.pt`), join(folder, 'pytorch_model.bin'))
      const { report, table } = await openWithTable({ folder, tensor: 'embeddings.weight' })
      expect([...table.data]).toEqual(Array.from({ length: 24 }, (_, i) => i / 8))
      expect(report.table).toMatchObject({
        file: 'pytorch_model.bin',
        tensor: 'embeddings.weight',
        dtype: 'F32'
      })
      expect(report.alternatives.map(({ tensor }) => tensor)).toEqual(['tied.weight'])
    }
  })

  it('come from the shard that holds the table; others may be missing', async () => {
    const folder = await modelFolder()
    await writeSafetensors(join(folder, 'model-00001-of-00002.safetensors'), {
      [tableName]: floatTensor([8, 4], numbers(32))
    })
    const index = {
      weight_map: {
        [tableName]: 'model-00001-of-00002.safetensors',
        'cls.weight': 'model-00002-of-00002.safetensors'
      }
    }
    await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify(index))
    const { report } = await openWithTable({ folder })
    expect(report.table.file).toBe('model-00001-of-00002.safetensors')
    expect(report.notes.join()).toContain('model-00002-of-00002.safetensors')
  })

  it('are chosen in order, and another file can be named', async () => {
    const folder = await folderWithTable()
    const other = numbers(32).reverse()
    await writeSafetensors(join(folder, 'other.safetensors'), { [tableName]: floatTensor([8, 4], other) })
    await copyFile(join(torchFixtures, 'bare.zip.pt'), join(folder, 'pytorch_model.bin'))
    expect((await openWithTable({ folder })).report.notes.join()).toContain('not used: pytorch_model.bin')
    expect([...(await openWithTable({ folder, weights: 'other.safetensors' })).table.data]).toEqual(other)
    await expect(openWithTable({ folder, weights: 'none.bin' })).rejects.toMatchObject({
      code: 'file-not-found'
    })
  })

  it('that are links out of the folder are refused', async () => {
    const outside = join(await temporaryFolder(), 'secret.safetensors')
    await writeSafetensors(outside, { [tableName]: floatTensor([8, 4], numbers(32)) })
    const folder = await modelFolder()
    await symlink(outside, join(folder, 'model.safetensors'))
    await expect(openWithTable({ folder })).rejects.toMatchObject({ code: 'file-unsafe' })
    await expect(openWithTable({ folder, weights: '../x.safetensors' })).rejects.toMatchObject({
      code: /unsafe|not-found/
    })
  })

  it('of an index that points out of the folder are refused', async () => {
    const outside = await temporaryFolder()
    await writeSafetensors(join(outside, 'shard.safetensors'), {
      [tableName]: floatTensor([8, 4], numbers(32))
    })
    const folder = await modelFolder()
    const index = {
      weight_map: { [tableName]: join('..', outside.split('/').at(-1) ?? '', 'shard.safetensors') }
    }
    await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify(index))
    await expect(openWithTable({ folder })).rejects.toMatchObject({ code: 'file-unsafe' })
  })

  it('are named by what they link to in the Hugging Face cache', async () => {
    const cache = join(await temporaryFolder(), 'models--google--bert')
    await mkdir(join(cache, 'blobs'), { recursive: true })
    await mkdir(join(cache, 'snapshots'))
    const snapshot = join(cache, 'snapshots', 'abc')
    await cp(await folderWithTable(), snapshot, { recursive: true })
    await rename(join(snapshot, 'model.safetensors'), join(cache, 'blobs', '123'))
    await symlink('../../blobs/123', join(snapshot, 'model.safetensors'))
    const { report } = await openWithTable({ folder: snapshot })
    expect(report).toMatchObject({ name: 'google/bert', table: { file: 'model.safetensors' } })
  })

  it.each([
    ['no folder', async () => join(await temporaryFolder(), 'none'), 'file-not-found'],
    ['no config.json', () => temporaryFolder(), 'file-not-found'],
    ['no weights', () => modelFolder(), 'file-not-found'],
    ['a config.json of another model', () => folderWithTable(8, 5), 'mismatch'],
    ['a config.json of a larger vocabulary', () => folderWithTable(7), 'mismatch'],
    ['a table that nobody knows by name or size', () => folderWithTable(9, 4, 'mystery'), 'not-found']
  ])('%s is an error', async (_, make, code) => {
    const folder = await make()
    await expect(openWithTable({ folder })).rejects.toMatchObject({
      code,
      detail: { next: expect.any(String) }
    })
  })

  it('damaged or cut off are errors that name the file', async () => {
    const gguf = await modelFolder()
    await writeFile(join(gguf, 'model-Q4.gguf'), 'GGUF')
    await expect(openWithTable({ folder: gguf })).rejects.toMatchObject({
      code: 'file-malformed',
      detail: { where: expect.stringContaining('model-Q4.gguf') }
    })
    const folder = await folderWithTable()
    const path = join(folder, 'model.safetensors')
    await writeFile(path, (await readFile(path)).subarray(0, -1))
    const refusal = {
      code: 'file-malformed',
      detail: { where: expect.stringContaining('model.safetensors') }
    }
    await expect(openWithTable({ folder })).rejects.toMatchObject(refusal)
    await writeRawSafetensors(path, '{}', new Uint8Array(0), 2 ** 32)
    await expect(openWithTable({ folder })).rejects.toMatchObject(refusal)
  })
})

describe('models that were opened', () => {
  it('are kept, and share one table', async () => {
    const folder = await folderWithTable()
    const [first, second] = await Promise.all([openWithTable({ folder }), openWithTable({ folder })])
    expect(second.table.data).toBe(first.table.data)
    expect((await openWithTable({ folder })).table.data).toBe(first.table.data)
  })

  it('are read again when a file changed', async () => {
    const folder = await folderWithTable()
    const before = await openWithTable({ folder })
    const values = numbers(32).map((value) => value * 2)
    await writeSafetensors(join(folder, 'model.safetensors'), { [tableName]: floatTensor([8, 4], values) })
    await utimes(join(folder, 'model.safetensors'), 1, 1)
    const after = await openWithTable({ folder })
    expect(after.report.fingerprint.table).not.toBe(before.report.fingerprint.table)
    expect(after.report.fingerprint.tokenizer).toBe(before.report.fingerprint.tokenizer)
  })

  it('are not kept when opening failed or was cancelled', async () => {
    const folder = await folderWithTable()
    const controller = new AbortController()
    const cancelled = openWithTable({ folder }, controller.signal)
    const patient = openWithTable({ folder })
    controller.abort()
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    expect((await patient).table.rows).toBe(8)
  })
})
