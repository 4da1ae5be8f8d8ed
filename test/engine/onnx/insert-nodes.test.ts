import { describe, expect, it } from 'vitest'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { insertNodes } from '#engine/onnx/insert-nodes.ts'

describe('insertNodes', () => {
  it('puts nodes beside another, in the order they were built in', () => {
    const graph = graphBuilder({ opset: 17 })
    for (const name of ['a', 'b', 'c']) graph.namedNode(name, 'Neg', ['x'])
    const [, middle] = graph.model.graph.node
    const build = (names: string[]) => () => names.map((name) => graph.namedNode(name, 'Neg', ['x']))
    expect(insertNodes(graph, 'before', middle, build(['p', 'q']))).toEqual(['p', 'q'])
    insertNodes(graph, 'after', middle, build(['r', 's']))
    expect(graph.model.graph.node.map(({ output }) => output[0])).toEqual(['a', 'p', 'q', 'b', 'r', 's', 'c'])
  })
})
