/** Adds nodes in the middle of a graph, which must stay in an order where values are made before they are read. */
import type { GraphBuilder } from './graph-builder.ts'
import type { NodeProto } from './messages.ts'

/** Moves the nodes that `build` appends to right before or after the node `beside`. */
export function insertNodes<T>(
  graph: GraphBuilder,
  side: 'before' | 'after',
  beside: NodeProto,
  build: () => T
): T {
  const nodes = graph.model.graph.node
  const count = nodes.length
  const built = build()
  const added = nodes.splice(count)
  nodes.splice(nodes.indexOf(beside) + (side === 'after' ? 1 : 0), 0, ...added)
  return built
}
