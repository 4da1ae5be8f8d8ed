/** Which weights a session copies, and that large ones are refused where a process can't take them. */
import { describe, expect, it } from 'vitest'
import { largestAllocation } from '#engine/devices/allocation-limit.ts'
import { requireCopyable } from '#engine/onnx/copied-weights.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'

/** A table of 64 bytes that is looked up, and multiplied where asked for. */
function model(isMultiplied: boolean) {
  const graph = graphBuilder({ opset: 17 })
  const ids = graph.input('ids', 'int64', ['n'])
  const table = graph.initializer('table', 'float32', [4, 4], new Float32Array(16))
  const found = graph.node('Gather', [table, ids])
  graph.namedNode('answer', 'MatMul', [found, isMultiplied ? table : found])
  graph.output('answer', 'float32', ['n', 4])
  return graph.model
}

describe('weights of a graph', () => {
  it('that are looked up alone may be as large as they like', () => {
    expect(() => requireCopyable(model(false), 'model.onnx', 63)).not.toThrow()
  })

  it('that are multiplied too are refused beyond what the process can take in one piece', () => {
    expect(() => requireCopyable(model(true), 'model.onnx', 64)).not.toThrow()
    expect(() => requireCopyable(model(true), 'model.onnx', 63)).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        detail: expect.objectContaining({
          where: 'model.onnx, weights table',
          found: '64 bytes in one piece, which MatMul reads',
          next: expect.stringContaining('npm run serve')
        })
      })
    )
  })

  it('are limited in a process of Electron alone', () => {
    expect(largestAllocation({ node: '24.0.0' })).toBe(Number.POSITIVE_INFINITY)
    expect(largestAllocation({ node: '24.0.0', electron: '45.4.1' })).toBe(1_069_547_520)
  })
})
