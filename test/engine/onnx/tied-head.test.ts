/** A head tied to its table answers the same where the table is read as it lies, and nothing is left that transposes it. */
import { expect, test } from 'vitest'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { decodeModel, encodeModel } from '#engine/onnx/model-proto.ts'
import { readTiedHeadAsStored } from '#engine/onnx/tied-head.ts'
import { float32, float32Data, runOnce } from '#test/support/reference-runs.ts'

/** `states [n, 3]` times a table `[4, 3]` transposed. */
function head() {
  const graph = graphBuilder({ opset: 17 })
  const states = graph.input('states', 'float32', ['n', 3])
  const table = graph.initializer(
    'table',
    'float32',
    [4, 3],
    Float32Array.from({ length: 12 }, (_, i) => i)
  )
  const transposed = graph.node('Transpose', [table], { perm: { ints: [1, 0] } })
  graph.namedNode('logits', 'MatMul', [states, transposed])
  graph.output('logits', 'float32', ['n', 4])
  return { model: decodeModel(graph.build(), 'head'), table }
}

const states = { states: float32([2, 3], [1, 2, 3, -1, 0, 1]) }

test('multiplies by the table as it is stored', async () => {
  const { model, table } = head()
  const expected = float32Data(await runOnce(encodeModel(model), states), 'logits')
  readTiedHeadAsStored(model, table)
  expect(model.graph.node.map(({ opType }) => opType)).toEqual(['FusedMatMul'])
  expect(float32Data(await runOnce(encodeModel(model), states), 'logits')).toEqual(expected)
})

test('leaves a product with another matrix as it is', () => {
  const { model } = head()
  readTiedHeadAsStored(model, 'another')
  expect(model.graph.node.map(({ opType }) => opType)).toEqual(['Transpose', 'MatMul'])
})
