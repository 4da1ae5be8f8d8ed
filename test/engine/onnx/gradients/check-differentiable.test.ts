import { expect, test } from 'vitest'
import { checkDifferentiable } from '#engine/onnx/gradients/check-differentiable.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'

/** A graph from `x [batch, 4]` by `build`, checked from x to its result. */
function check(build: (graph: GraphBuilder, x: string) => string) {
  const graph = graphBuilder({ opset: 17, domains: { 'com.microsoft': 1 } })
  const loss = build(graph, graph.input('x', 'float32', ['batch', 4]))
  return checkDifferentiable(graph.model, { loss, withRespectTo: ['x'] })
}

test('operators on the way are counted, shape arithmetic and masks are not on it', () => {
  const { operators, obstacles } = check((graph, x) => {
    const zero = graph.initializer('zero', 'float32', [], Float32Array.of(0))
    const broken = graph.node('IsNaN', [x])
    const filled = graph.node('Where', [broken, zero, x])
    const sizes = graph.node('Shape', [filled])
    return graph.node('Tanh', [graph.node('Reshape', [graph.node('Tanh', [filled]), sizes])])
  })
  expect(obstacles).toEqual([])
  expect(operators).toEqual({ Where: 1, Tanh: 2, Reshape: 1 })
})

test('every obstacle is listed, each with its node and what to use instead', () => {
  const { obstacles } = check((graph, x) => {
    const fused = graph.node('com.microsoft:BiasSoftmax', [graph.node('com.microsoft:FastGelu', [x]), x])
    const crossed = graph.node('com.microsoft:FusedMatMul', [fused, x], { transBatchA: { int: 1 } })
    const [codes, scale, zeroPoint] = graph.nodes('DynamicQuantizeLinear', [crossed], {}, 3)
    const floats = graph.node('DequantizeLinear', [codes, scale, zeroPoint])
    return graph.node('Hardmax', [graph.node('Add', [floats, fused])])
  })
  expect(obstacles.map(({ operator }) => operator)).toEqual([
    'com.microsoft.BiasSoftmax',
    'com.microsoft.FusedMatMul',
    'DynamicQuantizeLinear',
    'DequantizeLinear',
    'Hardmax'
  ])
  for (const { next, node } of obstacles) {
    expect(next).toContain('onnx/model.onnx')
    expect(node).not.toBe('')
  }
  expect(obstacles[0].reason).toContain("not one of ONNX's own operators, nor a fusion that is known here")
  expect(obstacles[1].reason).toBe('FusedMatMul exchanges axes of the batch')
  expect(obstacles[2].reason).toContain('quantised numbers: the model can be evaluated, but not tuned')
  expect(obstacles[4].reason).toContain('no gradient rule')
})

test('a fusion is counted as what it stands for, and left in the model', () => {
  const graph = graphBuilder({ opset: 17, domains: { 'com.microsoft': 1 } })
  const loss = graph.node('com.microsoft:QuickGelu', [graph.input('x', 'float32', ['batch', 4])])
  const check = checkDifferentiable(graph.model, { loss, withRespectTo: ['x'] })
  expect(check).toEqual({ operators: { Mul: 2, Sigmoid: 1, Identity: 1 }, obstacles: [] })
  expect(graph.model.graph.node.map(({ opType }) => opType)).toEqual(['QuickGelu'])
})

test('an operator beside the way is no obstacle', () => {
  const { obstacles } = check((graph, x) => {
    const weights = graph.initializer('codes', 'int8', [4], Int8Array.of(1, 2, 3, 4))
    const scale = graph.initializer('scale', 'float32', [], Float32Array.of(0.5))
    return graph.node('Mul', [x, graph.node('DequantizeLinear', [weights, scale])])
  })
  expect(obstacles).toEqual([])
})

test('a branch that reads the tensor is seen to depend on it', () => {
  const { obstacles } = check((graph, x) => {
    const result = graph.node('If', [graph.input('condition', 'bool', [])])
    const branch = graphBuilder({ opset: 17 })
    branch.namedNode('inner', 'Neg', [x])
    branch.output('inner', 'float32', ['batch', 4])
    const attribute = (name: string) => ({ name, type: 5, g: branch.model.graph })
    graph.model.graph.node.at(-1)?.attribute.push(attribute('then_branch'), attribute('else_branch'))
    return result
  })
  expect(obstacles).toMatchObject([{ operator: 'If', reason: 'If runs a graph of its own' }])
})

test('a result of unknown rank is an obstacle where it arises, not after', () => {
  const { obstacles } = check((graph, x) => {
    const sizes = graph.input('sizes', 'int64', ['count'])
    return graph.node('Neg', [graph.node('Tanh', [graph.node('Reshape', [x, sizes])])])
  })
  expect(obstacles).toMatchObject([{ operator: 'Reshape', reason: expect.stringContaining('how many axes') }])
})

test('a result of unknown rank beside the way is an obstacle where it meets the way, named once', () => {
  const { obstacles } = check((graph, x) => {
    const odd = graph.node('Hardmax', [graph.initializer('w', 'float32', [4], Float32Array.of(1, 2, 3, 4))])
    return graph.node('Neg', [graph.node('Mul', [graph.node('Add', [x, odd]), odd])])
  })
  expect(obstacles).toMatchObject([{ operator: 'Hardmax', reason: expect.stringContaining('how many axes') }])
})

test('a second output on the way is an obstacle', () => {
  const { obstacles } = check((graph, x) => {
    const scale = graph.initializer('scale', 'float32', [4], new Float32Array(4).fill(1))
    return graph.nodes('LayerNormalization', [x, scale], {}, 2)[1]
  })
  expect(obstacles).toMatchObject([
    { operator: 'LayerNormalization', reason: expect.stringContaining('another output') }
  ])
})

test('a graph of an operator set before 11 is refused', () => {
  const graph = graphBuilder({ opset: 9 })
  const loss = graph.node('Tanh', [graph.input('x', 'float32', [2])])
  const { obstacles } = checkDifferentiable(graph.model, { loss, withRespectTo: ['x'] })
  expect(obstacles).toMatchObject([{ operator: 'operator set 9' }])
})
