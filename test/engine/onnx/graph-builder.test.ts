import { describe, expect, it } from 'vitest'
import { continueGraph, graphBuilder } from '#engine/onnx/graph-builder.ts'
import { decodeModel } from '#engine/onnx/model-proto.ts'
import { float32, runOnce } from '#test/support/reference-runs.ts'

describe('graphBuilder', () => {
  it('builds what onnxruntime runs: nested nodes, several outputs, other domains', async () => {
    const graph = graphBuilder({ opset: 17, domains: { 'com.microsoft': 1 } })
    const x = graph.input('x', 'float32', ['rows', 2])
    const weight = graph.initializer('weight', 'float32', [2, 2], Float32Array.of(1, 2, 3, 4))
    const product = graph.node('com.microsoft:FusedMatMul', [x, weight], { transB: { int: 1 } })
    const [left, right] = graph.nodes('Split', [product], { axis: { int: 1 } }, 2)
    graph.output(graph.namedNode('difference', 'Sub', [left, right]), 'float32', ['rows', 1])
    const answer = await runOnce(graph.build(), { x: float32([2, 2], [1, 1, 2, 0]) })
    // x·weightᵀ = [[3, 7], [2, 6]]
    expect(answer).toEqual({ difference: float32([2, 1], [-4, -4]) })
  })

  it('takes constants of every element type', async () => {
    const graph = graphBuilder({ opset: 17 })
    const constants = {
      float32: graph.initializer('c', 'float32', [1], Float32Array.of(1.5)),
      float64: graph.initializer('c', 'float64', [1], Float64Array.of(0.1)),
      float16: graph.initializer('c', 'float16', [1], Uint16Array.of(0x3e00)),
      int64: graph.initializer('c', 'int64', [1], BigInt64Array.of(2n ** 62n)),
      int32: graph.initializer('c', 'int32', [1], Int32Array.of(-7)),
      int8: graph.initializer('c', 'int8', [1], Int8Array.of(-8)),
      uint8: graph.initializer('c', 'uint8', [1], Uint8Array.of(200)),
      bool: graph.initializer('c', 'bool', [1], Uint8Array.of(1))
    } as const
    for (const name of Object.values(constants)) graph.namedNode(`${name}_out`, 'Identity', [name])
    for (const type of ['float32', 'float64', 'float16', 'int64', 'int32', 'int8', 'uint8', 'bool'] as const)
      graph.output(`${constants[type]}_out`, type, [1])
    const answer = await runOnce(graph.build(), {})
    expect(Object.values(answer).map(({ type, data }) => [type, data[0]])).toEqual([
      ['float32', 1.5],
      ['float64', 0.1],
      ['float16', 0x3e00],
      ['int64', 2n ** 62n],
      ['int32', -7],
      ['int8', -8],
      ['uint8', 200],
      ['bool', 1]
    ])
  })

  it('gives names that nothing else has, inner graphs included', () => {
    const inner = graphBuilder({ opset: 17 })
    inner.namedNode('Add', 'Add', ['a', 'b'])
    const outer = graphBuilder({ opset: 17 })
    outer.namedNode('branch', 'If', ['condition'])
    outer.model.graph.node[0].attribute.push({ name: 'then_branch', type: 5, g: inner.model.graph })
    const graph = continueGraph(outer.model)
    expect([graph.node('Add', ['a', 'b']), graph.node('Add', ['a', 'b'])]).toEqual(['Add_2', 'Add_3'])
  })

  it('states shapes with named, fixed and unknown sizes', () => {
    const graph = graphBuilder({ opset: 17 })
    graph.input('x', 'int64', ['batch', 3, -1])
    const [{ type }] = decodeModel(graph.build(), 'm').graph.input
    expect(type?.tensorType?.elemType).toBe(7)
    expect(type?.tensorType?.shape?.dim).toEqual([{ dimParam: 'batch' }, { dimValue: 3n }, {}])
  })
})
