import { describe, expect, it } from 'vitest'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { viewGraph } from '#engine/onnx/graph-view.ts'

describe('viewGraph', () => {
  const graph = graphBuilder({ opset: 15, domains: { 'com.microsoft': 1 } })
  const x = graph.input('x', 'float32', [2])
  const one = graph.initializer('one', 'float32', [1], Float32Array.of(1))
  const half = graph.node('Exp', [graph.node('Neg', [one])])
  const sum = graph.node('Add', [x, half])
  const inner = graphBuilder({ opset: 15 })
  inner.output(inner.node('Mul', [sum, sum]), 'float32', [2])
  graph.node('If', ['condition'])
  graph.model.graph.node[3].attribute.push({ name: 'else_branch', type: 5, g: inner.model.graph })
  const view = viewGraph(graph.model)

  it('knows who makes and who reads a value, in inner graphs too', () => {
    expect(view.producer(sum)?.opType).toBe('Add')
    expect(view.producer(x)).toBeUndefined()
    expect(view.consumers(half).map(({ opType }) => opType)).toEqual(['Add'])
    expect(view.consumers(sum).map(({ opType }) => opType)).toEqual(['If'])
    expect(view.initializer(one)?.dims).toEqual([1n])
  })

  it('tells constants from what depends on an input', () => {
    expect([one, half, x, sum].map(view.isConstant)).toEqual([true, true, false, false])
  })

  it('knows operator sets by domain, and inputs that have no value of their own', () => {
    expect([view.opset(), view.opset('com.microsoft'), view.opset('other')]).toEqual([15, 1, undefined])
    graph.input('one', 'float32', [1])
    expect(viewGraph(graph.model).inputs.map(({ name }) => name)).toEqual(['x'])
  })
})
