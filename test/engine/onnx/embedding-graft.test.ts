import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { graftPrompt, promptInput } from '#engine/onnx/embedding-graft.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { decodeModel, encodeModel } from '#engine/onnx/model-proto.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { describeHeldout } from '#test/support/heldout-reference.ts'
import { referenceFamilies } from '#test/support/reference-models.ts'
import {
  float32,
  float32Data,
  int64,
  type ReferenceModel,
  referenceModel,
  runOnce
} from '#test/support/reference-runs.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { replaceTable, storeTable, tableForms } from '#test/support/stored-tables.ts'

/** Ids of a model in which the rows of a prompt stand at `starts` of every sequence. */
function withVirtualIds(model: ReferenceModel, first: number, starts: readonly number[]): Tensor {
  const [rows, length] = model.dims
  const ids = model.ids.slice()
  for (let row = 0; row < rows; row++)
    for (const start of starts)
      for (let i = 0; i < model.prompt.dims[0]; i++) ids[row * length + start + i] = BigInt(first + i)
  return int64(model.dims, ids)
}

/** The largest logits are about 8; float32 sums in another order differ by some 1e-6 of that. */
const tolerance = 2e-5

async function checkReference(model: ReferenceModel): Promise<void> {
  const plain = await runOnce(model.path, model.feeds)
  const grafted = decodeModel(await readFile(model.path), model.path)
  const { vocabularySize, width } = graftPrompt(grafted, model.path)
  expect(width).toBe(model.prompt.dims[1])
  const bytes = encodeModel(grafted)

  const noPrompt = float32([1, width], new Float32Array(width))
  const same = await runOnce(bytes, { ...model.feeds, [promptInput]: noPrompt })
  expect(float32Data(same, 'logits')).toEqual(float32Data(plain, 'logits'))

  const ids = withVirtualIds(model, vocabularySize, [model.promptStart])
  const prompted = await runOnce(bytes, { ...model.feeds, input_ids: ids, [promptInput]: model.prompt })
  expect(largestDifference(float32Data(prompted, 'logits'), model.promptedLogits)).toBeLessThan(tolerance)
}

describe('graftPrompt', () => {
  it.each(referenceFamilies)(
    'leaves %s as it was bit by bit, and gives PyTorch’s logits with a prompt',
    async (family) => await checkReference(await referenceModel(family))
  )

  describeHeldout('on exports of other sizes and operator sets', (folder) => {
    it.each(referenceFamilies)(
      '%s',
      async (family) => await checkReference(await referenceModel(family, folder()))
    )
  })

  it('puts vectors at several places, and other ones in every row', async () => {
    const model = await referenceModel('bert')
    const grafted = decodeModel(await readFile(model.path), model.path)
    const { vocabularySize, width } = graftPrompt(grafted, model.path)
    const bytes = encodeModel(grafted)
    const [rows, length] = model.dims

    // The table's own rows as a prompt: a virtual id must then equal the word whose row it carries.
    const table = grafted.graph.initializer.find(({ name }) => name === 'word.weight')?.rawData?.slice()
    if (table === undefined) throw new Error('no table')
    const words = new Float32Array(table.buffer)
    const carried = [
      [7, 150],
      [12, 280],
      [66, 5],
      [9, 8]
    ].flat()
    const prompt = float32(
      [carried.length, width],
      carried.flatMap((id) => [...words.subarray(id * width, (id + 1) * width)])
    )
    const [asWords, asVectors] = [model.ids.slice(), model.ids.slice()]
    for (let row = 0; row < rows; row++) {
      for (const [place, which] of [
        [0, 0],
        [4, 1],
        [5, 0],
        [6, 0]
      ]) {
        asWords[row * length + place] = BigInt(carried[2 * row + which])
        asVectors[row * length + place] = BigInt(vocabularySize + 2 * row + which)
      }
    }
    const run = async (ids: BigInt64Array) =>
      float32Data(
        await runOnce(bytes, { ...model.feeds, input_ids: int64(model.dims, ids), [promptInput]: prompt }),
        'logits'
      )
    expect(await run(asVectors)).toEqual(await run(asWords))
  })

  it('refuses to run with an id that has no vector', async () => {
    const model = await referenceModel('gpt2')
    const grafted = decodeModel(await readFile(model.path), model.path)
    const { vocabularySize } = graftPrompt(grafted, model.path)
    const ids = withVirtualIds(model, vocabularySize + 1, [2])
    const feeds = { ...model.feeds, input_ids: ids, [promptInput]: model.prompt }
    await expect(runOnce(encodeModel(grafted), feeds)).rejects.toMatchObject({ code: 'device-failed' })
  })

  it.each(tableForms)('takes a table stored as %s', async (form) => {
    const model = await referenceModel('roberta')
    const read = async () => decodeModel(await readFile(model.path), model.path)
    const [stored, floating] = [await read(), await read()]
    replaceTable(floating, storeTable(stored, form))
    const plain = await runOnce(encodeModel(stored), model.feeds)

    const { vocabularySize } = graftPrompt(stored, form)
    graftPrompt(floating, form)
    const bytes = encodeModel(stored)
    const same = await runOnce(bytes, { ...model.feeds, [promptInput]: model.prompt })
    expect(float32Data(same, 'logits')).toEqual(float32Data(plain, 'logits'))

    const ids = withVirtualIds(model, vocabularySize, [1, 5])
    const feeds = { ...model.feeds, input_ids: ids, [promptInput]: model.prompt }
    const [prompted, expected] = [await runOnce(bytes, feeds), await runOnce(encodeModel(floating), feeds)]
    expect(largestDifference(float32Data(prompted, 'logits'), float32Data(expected, 'logits'))).toBeLessThan(
      tolerance
    )
  })

  it('works in half precision throughout, with ids that are cast to int32', async () => {
    const graph = graphBuilder({ opset: 17 })
    const ids = graph.node('Cast', [graph.input('input_ids', 'int64', ['batch', 'length'])], {
      to: { int: 6 }
    })
    // 1, 2, 3, 4 as halves.
    const table = graph.initializer(
      'table',
      'float16',
      [2, 2],
      Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400)
    )
    graph.namedNode('logits', 'Gather', [table, ids])
    graph.output('logits', 'float16', ['batch', 'length', 2])
    expect(graftPrompt(graph.model, 'halves')).toMatchObject({ vocabularySize: 2, width: 2, table: 'table' })
    const { logits } = await runOnce(graph.build(), {
      input_ids: int64([1, 3], [1, 2, 0]),
      [promptInput]: float32([1, 2], [-1, 0.5])
    })
    expect(logits).toMatchObject({ type: 'float16', dims: [1, 3, 2] })
    expect([...logits.data]).toEqual([0x4200, 0x4400, 0xbc00, 0x3800, 0x3c00, 0x4000])
  })
})

/**
 * A lookup fused with positions and norm, and beside it the plain lookup that optimisers leave behind because its
 * size is read.
 */
function fusedLookup(): ModelProto {
  const graph = graphBuilder({ opset: 17, domains: { 'com.microsoft': 1 } })
  const ids = graph.input('input_ids', 'int64', ['batch', 'length'])
  const values = (count: number, first: number) =>
    Float32Array.from({ length: count }, (_, i) => first + (i % 7))
  const table = graph.initializer('words', 'float32', [5, 4], values(20, -3))
  const [positions, gamma, beta] = [
    graph.initializer('positions', 'float32', [8, 4], values(32, 1)),
    graph.initializer('gamma', 'float32', [4], Float32Array.of(1, 2, 0.5, -1)),
    graph.initializer('beta', 'float32', [4], Float32Array.of(0, 1, 0, 0.5))
  ]
  const left = graph.node('Gather', [table, ids])
  const shortIds = graph.node('Cast', [ids], { to: { int: 6 } })
  const inputs = [shortIds, '', table, positions, '', gamma, beta]
  const [normed] = graph.nodes(
    'com.microsoft:EmbedLayerNormalization',
    inputs,
    { epsilon: { float: 1e-3 } },
    2
  )
  graph.namedNode('logits', 'Reshape', [normed, graph.node('Shape', [left])])
  graph.output('logits', 'float32', ['batch', 'length', 4])
  return graph.model
}

describe('graftPrompt takes a fused lookup apart', () => {
  it('and leaves no lookup that virtual ids do not pass', async () => {
    const plain = fusedLookup()
    const grafted = fusedLookup()
    expect(graftPrompt(grafted, 'm')).toMatchObject({ vocabularySize: 5, width: 4, table: 'words' })
    expect(grafted.graph.node.filter(({ input }) => input[0] === 'words')).toHaveLength(1)
    const words = [4, 0, 2, 1, 3, 3]
    const own = await runOnce(encodeModel(plain), { input_ids: int64([2, 3], words) })
    // Rows 2 and 3 of the table as a prompt, in the place of these words.
    const rows = float32([2, 4], [-2, -1, 0, 1, 2, 3, -3, -2])
    const ids = [4, 0, 5, 1, 6, 6]
    const answer = await runOnce(encodeModel(grafted), { input_ids: int64([2, 3], ids), [promptInput]: rows })
    expect(largestDifference(float32Data(answer, 'logits'), float32Data(own, 'logits'))).toBeLessThan(1e-5)
  })
})

describe('graftPrompt refuses', () => {
  /** A model whose lookup is what `build` makes of the ids. */
  function modelWith(build: (graph: ReturnType<typeof graphBuilder>, ids: string) => void): ModelProto {
    const graph = graphBuilder({ opset: 17, domains: { 'com.microsoft': 1 } })
    build(graph, graph.input('input_ids', 'int64', ['batch', 'length']))
    return graph.model
  }

  it('a model that takes embeddings, and names its inputs', () => {
    const graph = graphBuilder({ opset: 17 })
    graph.input('inputs_embeds', 'float32', ['batch', 'length', 8])
    expect(() => graftPrompt(graph.model, 'm.onnx')).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        detail: expect.objectContaining({ where: 'm.onnx', found: expect.stringContaining('inputs_embeds') })
      })
    )
  })

  it.each(['EmbedLayerNormalization', 'GatherBlockQuantized'])('the fused operator %s', (operator) => {
    const model = modelWith((graph, ids) => graph.node(`com.microsoft:${operator}`, [ids]))
    expect(() => graftPrompt(model, 'm')).toThrow(
      expect.objectContaining({
        detail: expect.objectContaining({ found: expect.stringContaining(operator) })
      })
    )
  })

  it('a lookup inside a function of the exporter', () => {
    const model = modelWith((graph, ids) => graph.node('pkg.torch:Embedding', [ids]))
    expect(() => graftPrompt(model, 'm')).toThrow(
      expect.objectContaining({
        detail: expect.objectContaining({ found: expect.stringContaining('pkg.torch:Embedding') })
      })
    )
  })

  it('a lookup inside a branch, and names the file to use', () => {
    const model = modelWith((graph, ids) => {
      const inner = graphBuilder({ opset: 17 })
      inner.node('Gather', ['table', ids])
      graph.initializer('table', 'float32', [2, 2], new Float32Array(4))
      graph.node('If', [graph.input('use_cache_branch', 'bool', [1])])
      graph.model.graph.node[0].attribute.push({ name: 'then_branch', type: 5, g: inner.model.graph })
    })
    expect(() => graftPrompt(model, 'm')).toThrow(
      expect.objectContaining({
        detail: expect.objectContaining({ next: expect.stringContaining('decoder_model.onnx') })
      })
    )
  })

  it('two tables that the same ids are looked up in', () => {
    const model = modelWith((graph, ids) => {
      for (const name of ['first', 'second'])
        graph.node('Gather', [graph.initializer(name, 'float32', [4, 2], new Float32Array(8)), ids])
    })
    expect(() => graftPrompt(model, 'm')).toThrow(
      expect.objectContaining({
        detail: expect.objectContaining({ found: expect.stringContaining('second') })
      })
    )
  })

  it('quantised words that are never turned into numbers', () => {
    const model = modelWith((graph, ids) =>
      graph.node('Gather', [graph.initializer('table', 'int8', [4, 2], new Int8Array(8)), ids])
    )
    expect(() => graftPrompt(model, 'm')).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        detail: expect.objectContaining({ expected: expect.stringContaining('DequantizeLinear right after') })
      })
    )
  })

  it('a second graft', () => {
    const model = modelWith((graph, ids) =>
      graph.node('Gather', [graph.initializer('table', 'float32', [4, 2], new Float32Array(8)), ids])
    )
    graftPrompt(model, 'm')
    expect(() => graftPrompt(model, 'm')).toThrow(expect.objectContaining({ code: 'bad-argument' }))
  })
})
