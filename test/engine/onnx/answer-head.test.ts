import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { answerAtPositions, positionsInput } from '#engine/onnx/answer-head.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import { decodeModel, encodeModel } from '#engine/onnx/model-proto.ts'
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

const pairs = [
  [0, 3],
  [3, 2],
  [1, 0],
  [1, 0],
  [2, 9]
]

/** Rows of `[n, length, V]` at the pairs. */
function rowsAt(logits: Float32Array, [rows, length]: readonly [number, number]): number[] {
  const width = logits.length / (rows * length)
  return pairs.flatMap(([row, position]) => {
    const start = (row * length + position) * width
    return [...logits.subarray(start, start + width)]
  })
}

/** Products of other sizes sum in another order: some 1e-6 of logits up to 8. */
const tolerance = 2e-5

async function checkReference(model: ReferenceModel): Promise<void> {
  const graph = decodeModel(await readFile(model.path), model.path)
  const head = answerAtPositions(graph, model.path)
  expect(head).toMatchObject({ isRestricted: true, note: expect.stringContaining('MatMul') })
  const positions = int64([pairs.length, 2], pairs.flat())
  const answer = await runOnce(encodeModel(graph), { ...model.feeds, [positionsInput]: positions })
  expect(Object.keys(answer)).toEqual([head.logits])
  expect(answer[head.logits].dims[0]).toBe(pairs.length)
  const expected = rowsAt(model.logits, model.dims)
  expect(largestDifference(float32Data(answer, head.logits), expected)).toBeLessThan(tolerance)
}

describe('answerAtPositions', () => {
  it.each(referenceFamilies)(
    'gives the logits of %s at the positions alone, taken before the product',
    async (family) => await checkReference(await referenceModel(family))
  )

  describeHeldout('on exports of other sizes and operator sets', (folder) => {
    it.each(referenceFamilies)(
      '%s',
      async (family) => await checkReference(await referenceModel(family, folder()))
    )
  })

  /** States `[1, 3, 2]` that run through `head` to logits `[1, 3, 2]`; the answer at position 1. */
  async function answerOf(
    type: 'float32' | 'float16',
    head: (graph: GraphBuilder, states: string) => string
  ) {
    const graph = graphBuilder({ opset: 17 })
    graph.output(head(graph, graph.input('states', 'float32', ['batch', 'length', 2])), type, ['b', 's', 2])
    const full = decodeModel(graph.build(), 'm')
    const found = answerAtPositions(graph.model, 'm')
    const states = float32([1, 3, 2], [1, 2, 3, 4, 5, 6])
    const answer = await runOnce(graph.build(), { states, [positionsInput]: int64([1, 2], [0, 1]) })
    const everywhere = (await runOnce(encodeModel(full), { states }))[full.graph.output[0].name]
    return { ...found, answer: answer[found.logits], everywhere }
  }

  const weights = (graph: GraphBuilder) =>
    graph.initializer('head', 'float32', [2, 2], Float32Array.of(1, 2, 3, 4))

  it('goes through bias, soft cap and a transposed table', async () => {
    const { isRestricted, answer, everywhere } = await answerOf('float32', (graph, states) => {
      const product = graph.node('MatMul', [states, graph.node('Transpose', [weights(graph)])])
      const cap = graph.initializer('cap', 'float32', [], Float32Array.of(30))
      const bias = graph.initializer('bias', 'float32', [2], Float32Array.of(5, -5))
      const capped = graph.node('Tanh', [graph.node('Div', [graph.node('Add', [bias, product]), cap])])
      return graph.node('Mul', [capped, cap])
    })
    expect(isRestricted).toBe(true)
    expect(answer.dims).toEqual([1, 2])
    expect([...answer.data]).toEqual([...everywhere.data].slice(2, 4))
  })

  it('answers in float32 where the logits are halves', async () => {
    const { isRestricted, answer } = await answerOf('float16', (graph, states) =>
      graph.node('Cast', [graph.node('MatMul', [states, weights(graph)])], { to: { int: 10 } })
    )
    expect(isRestricted).toBe(true)
    expect(answer).toMatchObject({ type: 'float32', data: Float32Array.of(15, 22) })
  })

  it.each<[string, (graph: GraphBuilder, states: string) => string]>([
    ['a quantised product', (graph, states) => quantisedProduct(graph, states)],
    [
      'a bias for every position',
      (graph, states) => {
        const bias = graph.initializer('bias', 'float32', [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6))
        return graph.node('Add', [graph.node('MatMul', [states, weights(graph)]), bias])
      }
    ],
    [
      'logits that another operator reads',
      (graph, states) => {
        const product = graph.node('MatMul', [states, weights(graph)])
        return graph.node('Sub', [product, graph.node('ReduceMean', [product], { axes: { ints: [1] } })])
      }
    ],
    [
      'a table that depends on the input',
      (graph, states) => graph.node('MatMul', [states, transposed(graph, states)])
    ]
  ])('takes the positions after %s', async (_, head) => {
    const { isRestricted, note, answer, everywhere } = await answerOf('float32', head)
    expect(isRestricted).toBe(false)
    expect(note).toMatch(/^Logits are computed for every position: .+\.$/)
    const width = everywhere.dims[2]
    expect([...answer.data]).toEqual([...everywhere.data].slice(width, 2 * width))
  })

  it('drops outputs that nobody asked for', () => {
    const graph = graphBuilder({ opset: 17 })
    const states = graph.input('states', 'float32', ['batch', 'length', 2])
    graph.output(graph.namedNode('logits', 'MatMul', [states, weights(graph)]), 'float32', ['b', 's', 2])
    graph.output(graph.namedNode('present.0.key', 'Neg', [states]), 'float32', ['b', 's', 2])
    answerAtPositions(graph.model, 'm')
    expect(graph.model.graph.output.map(({ name }) => name)).toEqual(['logits'])
    expect(graph.model.graph.node.map(({ opType }) => opType)).toEqual([
      'Reshape',
      'GatherND',
      'Reshape',
      'MatMul'
    ])
  })

  /** Outputs `[b, s, width]` of a graph, each by its name. */
  function withOutputs(widths: Record<string, number>, stated = true) {
    const graph = graphBuilder({ opset: 17 })
    const states = graph.input('states', 'float32', ['b', 's', 2])
    for (const [name, width] of Object.entries(widths)) {
      const table = graph.initializer(`table of ${name}`, 'float32', [2, width], new Float32Array(2 * width))
      graph.output(graph.namedNode(name, 'MatMul', [states, table]), 'float32', [
        'b',
        's',
        stated ? width : 'w'
      ])
    }
    return graph.model
  }

  it.each([true, false])('takes the output that is as wide as the vocabulary (stated: %s)', (stated) => {
    const { logits } = answerAtPositions(
      withOutputs({ prediction_logits: 7, seq_relationship_logits: 3 }, stated),
      'm',
      [8, 7]
    )
    expect(logits).toBe('prediction_logits')
  })

  it.each([true, false])(
    'refuses the states of a feature-extraction export as such (stated: %s)',
    (stated) => {
      expect(() => answerAtPositions(withOutputs({ last_hidden_state: 4 }, stated), 'm.onnx', [7])).toThrow(
        expect.objectContaining({
          code: 'unsupported',
          detail: expect.objectContaining({
            found: expect.stringMatching(
              /last_hidden_state .*hidden states, as of an export for feature extraction/
            ),
            expected: expect.stringContaining('[batch, sequence, 7]'),
            next: expect.stringContaining('--task fill-mask')
          })
        })
      )
    }
  )

  it('refuses logits over something else than the vocabulary', () => {
    expect(() => answerAtPositions(withOutputs({ logits: 3 }), 'm.onnx', [7])).toThrow(
      expect.objectContaining({ detail: expect.objectContaining({ found: 'the outputs logits [b, s, 3]' }) })
    )
  })

  it.each([
    ['no logits among several outputs', ['last_hidden_state', 'pooler_output'], 3],
    ['logits of one position', ['logits'], 2]
  ])('refuses %s', (_, names, rank) => {
    const graph = graphBuilder({ opset: 17 })
    const states = graph.input('states', 'float32', ['b', 's', 2])
    for (const name of names)
      graph.output(graph.namedNode(name, 'Neg', [states]), 'float32', ['b', 's', 2].slice(3 - rank))
    expect(() => answerAtPositions(graph.model, 'm.onnx')).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        detail: expect.objectContaining({ where: 'm.onnx', found: expect.stringContaining(names[0]) })
      })
    )
  })
})

/** The head of a dynamically quantised export: its scale depends on every position. */
function quantisedProduct(graph: GraphBuilder, states: string): string {
  const [quantised, scale, zero] = graph.nodes('DynamicQuantizeLinear', [states], {}, 3)
  const table = graph.initializer('table', 'uint8', [2, 2], Uint8Array.of(1, 2, 3, 4))
  const product = graph.node('MatMulInteger', [quantised, table, zero])
  return graph.node('Mul', [graph.node('Cast', [product], { to: { int: 1 } }), scale])
}

function transposed(graph: GraphBuilder, states: string): string {
  return graph.node('Transpose', [states], { perm: { ints: [0, 2, 1] } })
}
