/** What is said of graphs whose names say nothing, or something else. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ModelReport } from '#engine/common/contract/models.ts'
import { findRunnableGraph } from '#engine/models/runnable-graph.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** A product of states `[n, 32]` with a weight, in every precision that exporters write. */
const products: Record<string, (graph: GraphBuilder, x: string) => string> = {
  float: (graph, x) =>
    graph.node('MatMul', [x, graph.initializer('w', 'float32', [32, 4], new Float32Array(128))]),
  half: (graph, x) => {
    const weight = graph.initializer('w', 'float16', [32, 4], new Uint16Array(128))
    return graph.node('MatMul', [x, graph.node('Cast', [weight], { to: { int: 1 } })])
  },
  'dynamic 8 bits': (graph, x) => {
    const [codes, scale, zero] = graph.nodes('DynamicQuantizeLinear', [x], {}, 3)
    const weight = graph.initializer('w', 'uint8', [32, 4], new Uint8Array(128))
    const product = graph.node('MatMulInteger', [codes, weight, zero])
    return graph.node('Mul', [graph.node('Cast', [product], { to: { int: 1 } }), scale])
  },
  '8 bits by Q and DQ': (graph, x) => {
    const weight = graph.initializer('w', 'int8', [32, 4], new Int8Array(128))
    const scale = graph.initializer('s', 'float32', [], Float32Array.of(0.1))
    return graph.node('MatMul', [x, graph.node('DequantizeLinear', [weight, scale])])
  },
  '4 bits': (graph, x) => nBits(graph, x, 4),
  '8 bits in blocks': (graph, x) => nBits(graph, x, 8)
}

function nBits(graph: GraphBuilder, x: string, bits: number): string {
  const packed = graph.initializer('w', 'uint8', [4, 1, 4 * bits], new Uint8Array(16 * bits))
  const scales = graph.initializer('s', 'float32', [4], new Float32Array(4))
  const sizes = { K: { int: 32 }, N: { int: 4 }, block_size: { int: 32 } }
  return graph.node('com.microsoft:MatMulNBits', [x, packed, scales], { ...sizes, bits: { int: bits } })
}

/** The graph of a folder of the given files, whose weights are those of its ONNX files. */
async function graphOf(files: Record<string, string>): Promise<ModelReport['graph']> {
  const weights = { file: 'model.onnx', tensors: [], traced: null, notes: [] }
  return await findRunnableGraph(await folderOf(files), { path: 'config.json', settings: {} }, weights)
}

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'onnx'))
  for (const [file, product] of Object.entries(files)) {
    const graph = graphBuilder({ opset: 17, domains: { 'com.microsoft': 1 } })
    const result = products[product]?.(graph, graph.input('x', 'float32', ['n', 32]))
    if (result !== undefined) graph.output(result, 'float32', ['n', 4])
    await writeFile(join(folder, file), result === undefined ? product : graph.build())
  }
  return folder
}

describe('the graph to run', () => {
  it.each([
    ['float', 'in the precision of the model'],
    ['half', 'half precision'],
    ['dynamic 8 bits', '8 bits: it can be run, but prompts can not be tuned'],
    ['8 bits by Q and DQ', '8 bits: it can be run, but prompts can not be tuned'],
    ['8 bits in blocks', '8 bits: it can be run, but prompts can not be tuned']
  ])('called model.onnx with a product in %s is told by what it holds', async (product, note) => {
    const graph = await graphOf({ 'model.onnx': product })
    expect(graph).toEqual({ file: 'model.onnx', note: expect.stringContaining(note) })
  })

  it('is none where all are in 4 bits, whatever they are called', async () => {
    const graph = await graphOf({ 'onnx/model.onnx': '4 bits' })
    expect(graph).toEqual({
      file: null,
      note: expect.stringContaining('Only 4-bit graphs are there (onnx/model.onnx)')
    })
  })

  it.each([
    [
      { 'model.onnx': '4 bits', 'onnx/model_fp16.onnx': 'half', 'onnx/model_int8.onnx': 'dynamic 8 bits' },
      'onnx/model_fp16.onnx'
    ],
    [{ 'model.onnx': 'dynamic 8 bits', 'onnx/model_q4.onnx': 'float' }, 'onnx/model_q4.onnx'],
    [{ 'model.onnx': 'no ONNX at all', 'onnx/model_int8.onnx': 'dynamic 8 bits' }, 'onnx/model_int8.onnx']
  ])('is the most exact of %o', async (files, chosen) => {
    expect((await graphOf(files)).file).toBe(chosen)
  })

  it('that can not be read is told of, and left to be refused when it is run', async () => {
    const graph = await graphOf({ 'model.onnx': 'no ONNX at all' })
    expect(graph).toEqual({ file: 'model.onnx', note: expect.stringContaining('can not be read') })
  })
})
