/** Puts a branch of an If in the place of the If. */
import { nodeProto } from './build-messages.ts'
import type { GraphProto, NodeProto } from './messages.ts'

/** The branch that an If takes for a value of its condition. */
export function branchOf(node: NodeProto, condition: boolean): GraphProto | undefined {
  const name = condition ? 'then_branch' : 'else_branch'
  return node.attribute.find((attribute) => attribute.name === name)?.g ?? undefined
}

/**
 * Adds the weights and stated shapes of a branch to the outer graph, and answers with the nodes that do there what the
 * If does when it takes the branch. Names need no care: ONNX has every name once among a graph and its branches, but for
 * the answers of a branch, which exporters call as the If calls them.
 */
export function inlineBranch(graph: GraphProto, node: NodeProto, branch: GraphProto): NodeProto[] {
  graph.initializer = [...graph.initializer, ...branch.initializer]
  graph.valueInfo = [...graph.valueInfo, ...branch.valueInfo]
  const answers = branch.output.flatMap(({ name }, index) => {
    const answer = node.output[index]
    return name === answer ? [] : [nodeProto('Identity', `${answer}/branch`, [name], [answer])]
  })
  const copies = branch.node.map((inner) => ({
    ...inner,
    input: [...inner.input],
    output: [...inner.output]
  }))
  return [...copies, ...answers]
}
