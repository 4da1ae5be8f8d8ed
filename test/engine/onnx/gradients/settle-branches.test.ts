import { expect, test } from 'vitest'
import { openSession } from '#engine/devices/session.ts'
import { checkDifferentiable } from '#engine/onnx/gradients/check-differentiable.ts'
import { differentiate } from '#engine/onnx/gradients/differentiate.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'

const doubles = (dims: number[], ...values: number[]): Tensor => ({
  type: 'float64',
  dims,
  data: Float64Array.from(values)
})

/** A branch that multiplies x by a weight of its own. */
function times(factor: number) {
  const branch = graphBuilder({ opset: 17 })
  const weight = branch.initializer(`weight ${factor}`, 'float64', [], Float64Array.of(factor))
  branch.output(branch.namedNode(`times ${factor}`, 'Mul', ['x', weight]), 'float64', ['n'])
  return branch.model.graph
}

/** loss = Σ x · 2 where x and y are not of one length, else Σ x · 3. */
function choice(lengthOfY: string): GraphBuilder {
  const graph = graphBuilder({ opset: 17 })
  const x = graph.input('x', 'float64', ['n'])
  const y = graph.input('y', 'float64', [lengthOfY])
  const differ = graph.node('Not', [
    graph.node('Equal', [graph.node('Shape', [x]), graph.node('Shape', [y])])
  ])
  const chosen = graph.node('If', [graph.node('Cast', [differ], { to: { int: 9 } })])
  const attribute = (name: string, factor: number) => ({ name, type: 5, g: times(factor) })
  graph.model.graph.node.at(-1)?.attribute.push(attribute('then_branch', 2), attribute('else_branch', 3))
  graph.namedNode('loss', 'ReduceSum', [chosen], { keepdims: { int: 0 } })
  return graph
}

const request = { loss: 'loss', withRespectTo: ['x'] }

test('an If on sizes that are one size in every run is its branch', async () => {
  const { model } = choice('n')
  expect(checkDifferentiable(model, request).obstacles).toEqual([])
  const gradient = differentiate(model, request)
  const session = await openSession(encodeModel(gradient.model), { device: 'cpu' })
  const answer = await session.run({ x: doubles([2], 1, 4), y: doubles([2], 0, 0) })
  await session.release()
  expect(answer['loss'].data).toEqual(Float64Array.of(15))
  expect(answer[gradient.gradients['x']].data).toEqual(Float64Array.of(3, 3))
  expect(model.graph.node.some(({ opType }) => opType === 'If')).toBe(true)
})

test('an If that a run decides stays, and is named', () => {
  expect(checkDifferentiable(choice('m').model, request).obstacles).toMatchObject([{ operator: 'If' }])
})
