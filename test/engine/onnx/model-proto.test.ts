import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { nodeProto, tensorProto } from '#engine/onnx/build-messages.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { decodeModel, encodeModel } from '#engine/onnx/model-proto.ts'
import { referenceFamilies } from '#test/support/reference-models.ts'
import { referenceModel } from '#test/support/reference-runs.ts'

describe('decodeModel and encodeModel', () => {
  it.each(referenceFamilies)('write the export of %s again byte for byte', async (family) => {
    const bytes = await readFile((await referenceModel(family)).path)
    expect(Buffer.compare(encodeModel(decodeModel(bytes, family)), bytes)).toBe(0)
  })

  it('keep fields that the description lacks, in the model and deep inside', () => {
    const unknownOfModel = [0xa2, 0x06, 2, 0x68, 0x69] // field 100, two bytes
    // graph { node { op_type: "Relu", field 200: 5 } }
    const node = [0x22, 4, ...Buffer.from('Relu'), 0xc0, 0x0c, 5]
    const graph = [0x0a, node.length, ...node]
    const bytes = Uint8Array.from([0x08, 8, 0x3a, graph.length, ...graph, ...unknownOfModel])
    const model = decodeModel(bytes, 'm')
    expect(model.graph.node[0].opType).toBe('Relu')
    expect([...encodeModel(model)]).toEqual([...bytes])
    // A copy of a node has them as well.
    model.graph.node = model.graph.node.map((original) => ({ ...original }))
    expect([...encodeModel(model)]).toEqual([...bytes])
  })

  it('hold every 64-bit integer exactly', () => {
    const graph = graphBuilder({ opset: 17 })
    const extremes = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, -1n, 0n]
    graph.model.graph.node.push(nodeProto('Slice', 'slice', ['x'], ['y'], { ends: { ints: extremes } }))
    graph.model.graph.initializer.push({ name: 't', dims: [5n], dataType: 7, int64Data: extremes })
    const { node, initializer } = decodeModel(graph.build(), 'm').graph
    expect(node[0].attribute[0].ints).toEqual(extremes)
    expect(initializer[0].int64Data).toEqual(extremes)
  })

  it('leave absent what is absent: an attribute has one value', () => {
    const graph = graphBuilder({ opset: 17 })
    graph.node('Concat', ['a', 'b'], { axis: { int: 0 }, name: { string: 'é' }, ratio: { float: 0.5 } })
    const { attribute } = decodeModel(graph.build(), 'm').graph.node[0]
    expect(attribute[0]).toMatchObject({ name: 'axis', type: 2, i: 0n })
    expect(attribute[0]).not.toHaveProperty('f')
    expect(new TextDecoder().decode(attribute[1].s)).toBe('é')
    expect(attribute[2]).toMatchObject({ name: 'ratio', type: 1, f: 0.5 })
    expect(attribute[2]).not.toHaveProperty('i')
  })

  it('give bytes that a caller may copy with slice', () => {
    const graph = graphBuilder({ opset: 17 })
    graph.model.graph.initializer.push(tensorProto('t', 'float32', [2], Float32Array.of(1.5, -2)))
    const raw = decodeModel(Buffer.from(graph.build()), 'm').graph.initializer[0].rawData
    expect(raw?.slice().buffer.byteLength).toBe(8)
  })

  it.each([
    ['text', Buffer.from('version https://git-lfs.github.com/spec/v1')],
    ['nothing', new Uint8Array(0)],
    ['a message without a graph', Uint8Array.of(0x08, 8)],
    ['a length beyond the end', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0x7f, 1)]
  ])('refuse %s', (_, bytes) => {
    expect(() => decodeModel(bytes, 'model.onnx')).toThrow(
      expect.objectContaining({
        code: 'file-malformed',
        detail: expect.objectContaining({ where: 'model.onnx' })
      })
    )
  })
})
