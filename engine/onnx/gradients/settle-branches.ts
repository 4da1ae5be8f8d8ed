/**
 * Takes an If out of a graph where its condition follows from sizes: exporters keep a choice that their own example
 * left open, such as DeBERTa's between queries and keys of equal and of different lengths.
 */
import { isOperator } from '../graph-view.ts'
import { branchOf, inlineBranch } from '../inline-branch.ts'
import type { ModelProto, NodeProto } from '../messages.ts'
import { standardOpset } from './opset.ts'
import { beginShapes } from './shapes/infer-shapes.ts'

/** Replaces, in place, every If whose condition is the same in every run by the branch that it takes. */
export function settleBranches(model: ModelProto): void {
  const { graph } = model
  if (!graph.node.some((node) => isOperator(node, 'If'))) return
  const shapes = beginShapes(graph, standardOpset(model))
  const settle = (node: NodeProto): NodeProto[] => {
    const condition = isOperator(node, 'If') ? shapes.of(node.input[0])?.values?.[0] : undefined
    const branch = typeof condition === 'number' ? branchOf(node, condition !== 0) : undefined
    if (branch !== undefined) {
      for (const { name, dims, dataType } of branch.initializer) {
        shapes.note(name, { elementType: dataType, shape: dims.map(Number) })
      }
      return inlineBranch(graph, node, branch).flatMap(settle)
    }
    shapes.noteNode(node)
    return [node]
  }
  graph.node = graph.node.flatMap(settle)
}
