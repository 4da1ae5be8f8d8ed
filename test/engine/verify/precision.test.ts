import { expect, test } from 'vitest'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import { graphPrecision } from '#engine/onnx/graph-precision.ts'
import type { GraphProto } from '#engine/onnx/messages.ts'
import { tablePrecision } from '#engine/verify/table-precision.ts'

/** A product of the input with float32 weights, and what else a test adds. */
function graphWith(add: (graph: GraphBuilder) => void): GraphProto {
  const graph = graphBuilder({ opset: 17, domains: { 'com.microsoft': 1 } })
  const input = graph.input('x', 'float32', [1, 2])
  graph.node('MatMul', [input, graph.initializer('weight', 'float32', [2, 1], Float32Array.of(1, 2))])
  add(graph)
  return graph.model.graph
}

test.each<[string, (graph: GraphBuilder) => void, string]>([
  ['float32 weights', () => {}, 'float32'],
  ['half weights', (graph) => graph.initializer('half', 'float16', [1, 1], Uint16Array.of(0)), 'half'],
  ['dynamic int8', (graph) => graph.node('MatMulInteger', ['x', 'weight']), '8-bit'],
  [
    'dequantised weights beside half ones',
    (graph) => {
      graph.initializer('half', 'float16', [1, 1], Uint16Array.of(0))
      graph.node('DequantizeLinear', ['x'])
    },
    '8-bit'
  ],
  [
    'blocks of 4 bits',
    (graph) => graph.node('com.microsoft:MatMulNBits', ['x'], { bits: { int: 4 } }),
    '4-bit'
  ],
  [
    'blocks of 8 bits',
    (graph) => graph.node('com.microsoft:MatMulNBits', ['x'], { bits: { int: 8 } }),
    '8-bit'
  ]
])('a graph with %s', (_, add, precision) => {
  expect(graphPrecision(graphWith(add))).toBe(precision)
})

test.each([
  ['F32', 'float32'],
  ['BF16', 'half'],
  ['uint8 + scale', '8-bit']
])('a table of %s', (dtype, precision) => {
  expect(tablePrecision(dtype)).toBe(precision)
})
