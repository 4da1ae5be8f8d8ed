import { expect, test } from 'vitest'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { openSession } from '#engine/devices/session.ts'
import { dataTypes } from '#engine/onnx/build-messages.ts'
import { differentiate } from '#engine/onnx/gradients/differentiate.ts'
import { emitterFor } from '#engine/onnx/gradients/emitter.ts'
import { beginShapes } from '#engine/onnx/gradients/shapes/infer-shapes.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { largestDifference } from '#test/support/safetensors.ts'

const doubles = (dims: number[], ...values: number[]): Tensor => ({
  type: 'float64',
  dims,
  data: Float64Array.from(values)
})

/** loss = Σ (x · w + x)², with w a constant of the graph. */
function squares(): GraphBuilder {
  const graph = graphBuilder({ opset: 17 })
  const x = graph.input('x', 'float64', ['n'])
  const w = graph.initializer('w', 'float64', [], Float64Array.of(3))
  const y = graph.node('Add', [graph.node('Mul', [x, w]), x])
  graph.namedNode('loss', 'ReduceSum', [graph.node('Mul', [y, y])], { keepdims: { int: 0 } })
  graph.namedNode('aside', 'Exp', [x])
  return graph
}

async function run(request: Parameters<typeof differentiate>[1], feeds: Record<string, Tensor>) {
  const { model, gradients } = differentiate(squares().model, request)
  const session = await openSession(encodeModel(model), { device: 'cpu' })
  const answer = await session.run(feeds)
  await session.release()
  return { model, gradients, answer }
}

test('contributions of every use of a tensor are added up', async () => {
  const feeds = { x: doubles([2], 1, -2) }
  const { model, gradients, answer } = await run({ loss: 'loss', withRespectTo: ['x'] }, feeds)
  expect(model.graph.output.map(({ name }) => name)).toEqual(['loss', gradients['x']])
  expect(answer['loss'].data).toEqual(Float64Array.of(16 + 64))
  expect(answer[gradients['x']]).toMatchObject({ dims: [2], data: Float64Array.of(2 * 16, -4 * 16) })
})

test('an initializer that is differentiated by becomes an input', async () => {
  const feeds = { x: doubles([2], 1, -2), w: doubles([], 1) }
  const { model, gradients, answer } = await run({ loss: 'loss', withRespectTo: ['w', 'x'] }, feeds)
  expect(model.graph.input.map(({ name }) => name)).toEqual(['x', 'w'])
  expect(model.graph.initializer.map(({ name }) => name)).not.toContain('w')
  expect(answer['loss'].data).toEqual(Float64Array.of(4 + 16))
  expect(answer[gradients['w']]).toMatchObject({ dims: [], data: Float64Array.of(2 * 2 + 2 * 4 * 2) })
  expect(answer[gradients['x']].data).toEqual(Float64Array.of(8, -16))
})

test('nodes that no output needs are gone, and the model given is left alone', () => {
  const graph = squares()
  const before = encodeModel(graph.model)
  const { model } = differentiate(graph.model, { loss: 'loss', withRespectTo: ['x'] })
  expect(model.graph.node.map(({ opType }) => opType)).not.toContain('Exp')
  expect(encodeModel(graph.model)).toEqual(before)
})

test('a gradient that nobody asks for is not computed', () => {
  const byInput = differentiate(squares().model, { loss: 'loss', withRespectTo: ['x'] })
  const byWeight = differentiate(squares().model, { loss: 'loss', withRespectTo: ['w'] })
  const count = ({ graph }: typeof byInput.model, opType: string) =>
    graph.node.filter((node) => node.opType === opType).length
  expect(count(byInput.model, 'ReduceSum')).toBe(1)
  expect(count(byWeight.model, 'ReduceSum')).toBe(2)
})

test('a loss that does not depend on the tensor is refused', () => {
  const graph = squares()
  graph.input('unused', 'float64', [2])
  expect(() =>
    differentiate(graph.model, { loss: 'loss', withRespectTo: ['unused'], name: 'some.onnx' })
  ).toThrow(
    expect.objectContaining({ code: 'bad-argument', detail: expect.objectContaining({ where: 'some.onnx' }) })
  )
})

test('whole numbers have no gradient', () => {
  const graph = graphBuilder({ opset: 17 })
  const ids = graph.initializer('ids', 'int64', [1], BigInt64Array.of(1n))
  graph.namedNode('loss', 'Neg', [ids])
  expect(() => differentiate(graph.model, { loss: 'loss', withRespectTo: ['ids'] })).toThrow(
    expect.objectContaining({ code: 'bad-argument' })
  )
})

/** loss = mean softmax(norm(x W))² · erf, computed in the given element type between casts. */
async function gradientIn(type: 'float32' | 'float16'): Promise<number[]> {
  const graph = graphBuilder({ opset: 17 })
  const [rows, width] = [3, 8]
  const to = { to: { int: dataTypes[type] } }
  const constant = (name: string, dims: number[], mean: number) => {
    const values = seededNormal(
      dims.length,
      dims.reduce((a, b) => a * b, 1),
      mean,
      0.5
    )
    return graph.node('Cast', [graph.initializer(name, 'float32', dims, values)], to)
  }
  const x = graph.node('Cast', [graph.input('x', 'float32', ['rows', width])], to)
  const product = graph.node('MatMul', [x, constant('w', [width, width], 0)])
  const normal = graph.node('LayerNormalization', [product, constant('scale', [width], 1)])
  const half = graph.node('Mul', [normal, graph.node('Erf', [normal])])
  const weights = graph.node('Softmax', [half], { axis: { int: -1 } })
  const wide = graph.node('Cast', [weights], { to: { int: dataTypes.float32 } })
  const loss = graph.node('ReduceMean', [graph.node('Mul', [wide, wide])], { keepdims: { int: 0 } })
  const { model, gradients } = differentiate(graph.model, { loss, withRespectTo: ['x'] })
  const session = await openSession(encodeModel(model), { device: 'cpu' })
  const data = seededNormal(5, rows * width, 0, 1)
  const answer = await session.run({ x: { type: 'float32', dims: [rows, width], data } })
  await session.release()
  return Array.from(answer[gradients['x']].data, Number)
}

test('half precision within a model gives the gradient to half precision', async () => {
  const [whole, half] = [await gradientIn('float32'), await gradientIn('float16')]
  const largest = Math.max(...whole.map(Math.abs))
  expect(largestDifference(half, whole) / largest).toBeLessThan(1e-2)
})

test('sizes that no tensor has, as a damaged file may imply them, are refused as such', () => {
  const graph = graphBuilder({ opset: 17 })
  const emit = emitterFor(graph, beginShapes(graph.model.graph, 17), 17)
  expect(() => emit.integers([2, Number.NaN])).toThrow('contradict each other')
})
