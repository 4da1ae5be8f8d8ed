/**
 * Rewrites a graph so that fused operators are the plain ones that they stand for: one pass in the graph's
 * order, shapes followed along the way.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { emitterFor } from '../gradients/emitter.ts'
import { standardOpset } from '../gradients/opset.ts'
import { beginShapes } from '../gradients/shapes/infer-shapes.ts'
import { continueGraph } from '../graph-builder.ts'
import { operatorName, valuesRead } from '../graph-view.ts'
import type { ModelProto, NodeProto } from '../messages.ts'
import { type Expansion, fusedSite, notExpandable } from './expansion.ts'
import { expansions } from './table.ts'

/**
 * Expands every operator of `table` in a model, in place; names of values stay.
 * @returns why a node was left as it is, for those that an expansion does not cover
 */
export function expandFusions(
  model: ModelProto,
  table: Readonly<Record<string, Expansion>> = expansions
): ReadonlyMap<NodeProto, string> {
  const { graph } = model
  const { node: nodes } = graph
  const reasons = new Map<NodeProto, string>()
  if (!nodes.some((node) => Object.hasOwn(table, operatorName(node)))) return reasons
  const opset = standardOpset(model)
  const shapes = beginShapes(graph, opset)
  const builder = continueGraph(model)
  const emit = emitterFor(builder, shapes, opset)
  const isRead = new Set([
    ...nodes.flatMap((node) => [...valuesRead(node)]),
    ...graph.output.map((o) => o.name)
  ])
  const append = (node: NodeProto): void => {
    graph.node.push(node)
    shapes.noteNode(node)
  }

  const expand = (node: NodeProto, expansion: Expansion): void => {
    const results = expansion(emit, fusedSite(node))
    const wanted = node.output.flatMap((name, index) =>
      isRead.has(name) || index === 0 ? [{ name, value: results[index] }] : []
    )
    for (const { name, value } of wanted) {
      if (value === undefined) throw notExpandable(node, `has an output (${name}) that is not expanded`)
    }
    for (const { name, value = '' } of wanted) {
      builder.namedNode(name, 'Identity', [value])
      const added = graph.node.at(-1)
      if (added !== undefined) shapes.noteNode(added)
    }
  }

  graph.node = []
  for (const node of nodes) {
    const name = operatorName(node)
    if (!Object.hasOwn(table, name)) {
      append(node)
      continue
    }
    try {
      expand(node, table[name])
    } catch (error) {
      if (!(error instanceof AnchorageError) || error.code !== 'unsupported') throw error
      reasons.set(node, error.message)
      append(node)
    }
  }
  return reasons
}
