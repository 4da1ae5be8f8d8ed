/** Takes out of a graph what none of its outputs needs. */
import { valuesRead } from '../graph-view.ts'
import type { GraphProto } from '../messages.ts'

/** Keeps the nodes, initializers and stated shapes that lead to an output; inputs stay. */
export function pruneGraph(graph: GraphProto): void {
  const needed = new Set(graph.output.map(({ name }) => name))
  const nodes = graph.node.toReversed().filter((node) => {
    if (!node.output.some((name) => needed.has(name))) return false
    for (const name of valuesRead(node)) needed.add(name)
    return true
  })
  graph.node = nodes.toReversed()
  graph.initializer = graph.initializer.filter(({ name }) => needed.has(name))
  graph.valueInfo = graph.valueInfo.filter(({ name }) => needed.has(name))
}
