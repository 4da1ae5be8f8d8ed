/** Takes out of a graph what none of its outputs needs. */
import type { AttributeProto, GraphProto } from '../messages.ts'

/** The outer names that the graphs inside a node's attributes may refer to. */
function innerReferences(attributes: readonly AttributeProto[]): string[] {
  const graphs = attributes.flatMap(({ g, graphs: list = [] }) => (g ? [g, ...list] : list))
  return graphs.flatMap(({ node, output }) => [
    ...node.flatMap(({ input, attribute }) => [...input, ...innerReferences(attribute)]),
    ...output.map(({ name }) => name)
  ])
}

/** Keeps the nodes, initializers and stated shapes that lead to an output; inputs stay. */
export function pruneGraph(graph: GraphProto): void {
  const needed = new Set(graph.output.map(({ name }) => name))
  const nodes = graph.node.toReversed().filter(({ input, output, attribute }) => {
    if (!output.some((name) => needed.has(name))) return false
    for (const name of [...input, ...innerReferences(attribute)]) needed.add(name)
    return true
  })
  graph.node = nodes.toReversed()
  graph.initializer = graph.initializer.filter(({ name }) => needed.has(name))
  graph.valueInfo = graph.valueInfo.filter(({ name }) => needed.has(name))
}
