/**
 * Merged decoder exports hold the model twice, as the branches of an If: with and without what was read before.
 * Prompts are read from the beginning, so the branch without a cache takes the place of the If.
 */
import { nodeProto } from './build-messages.ts'
import { isOperator } from './graph-view.ts'
import type { GraphProto, ModelProto, NodeProto } from './messages.ts'

/** The input of merged decoders that says whether the caches hold anything. */
const cacheSwitch = 'use_cache_branch'

function elseBranch(node: NodeProto): GraphProto | undefined {
  return node.attribute.find(({ name }) => name === 'else_branch')?.g ?? undefined
}

/** The nodes that do in the outer graph what the If does when its condition is false. */
function inlined(branch: GraphProto, node: NodeProto): NodeProto[] {
  const answers = branch.output.map(({ name }, index) =>
    nodeProto('Identity', `${node.output[index]}/branch`, [name], [node.output[index]])
  )
  return [...branch.node, ...answers]
}

/**
 * Replaces the If of a merged decoder by its branch without a cache, in place; other models stay as they are.
 * Names need no care: ONNX has every name once among a graph and its branches.
 */
export function takeBranchWithoutCache({ graph }: ModelProto): void {
  const isSwitched = (node: NodeProto) => isOperator(node, 'If') && node.input[0] === cacheSwitch
  if (!graph.node.some(isSwitched)) return
  graph.node = graph.node.flatMap((node) => {
    const branch = isSwitched(node) ? elseBranch(node) : undefined
    if (branch === undefined) return node
    graph.initializer = [...graph.initializer, ...branch.initializer]
    graph.valueInfo = [...graph.valueInfo, ...branch.valueInfo]
    return inlined(branch, node)
  })
  graph.input = graph.input.filter(({ name }) => name !== cacheSwitch)
}
