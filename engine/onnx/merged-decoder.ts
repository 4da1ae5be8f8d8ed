/**
 * Merged decoder exports hold the model twice, as the branches of an If: with and without what was read before.
 * Prompts are read from the beginning, so the branch without a cache takes the place of the If.
 */
import { isOperator } from './graph-view.ts'
import { branchOf, inlineBranch } from './inline-branch.ts'
import type { ModelProto, NodeProto } from './messages.ts'

/** The input of merged decoders that says whether the caches hold anything. */
const cacheSwitch = 'use_cache_branch'

/** Replaces the If of a merged decoder by its branch without a cache, in place; other models stay as they are. */
export function takeBranchWithoutCache({ graph }: ModelProto): void {
  const isSwitched = (node: NodeProto) => isOperator(node, 'If') && node.input[0] === cacheSwitch
  if (!graph.node.some(isSwitched)) return
  graph.node = graph.node.flatMap((node) => {
    const branch = isSwitched(node) ? branchOf(node, false) : undefined
    return branch === undefined ? node : inlineBranch(graph, node, branch)
  })
  graph.input = graph.input.filter(({ name }) => name !== cacheSwitch)
}
