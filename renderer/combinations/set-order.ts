/** A set of sources as an order for the queue: the prompts of its runs, in the settings of the scope. */
import type { TransferGrid } from '#preload/contract/mix-methods.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { maskOf, modelOf } from '#renderer/mix/mix-choice.ts'
import { promptOf, settingsOf } from '#renderer/mix/mix-of-runs.ts'
import type { Scope } from '#renderer/runs/scope.ts'

/**
 * The order that runs a set on the relations of the scope; null where the project no longer holds what it takes.
 * @param weights by source; 1 where none is given
 */
export function orderOfSet(
  scope: Scope,
  members: readonly string[],
  relations: readonly string[],
  lists: Lists,
  weights: ReadonlyMap<string, number> = new Map()
): TransferGrid | null {
  const settings = settingsOf(scope.runs, lists)
  const [first] = scope.runs
  const sources = members.map((source) => {
    const found = relations.map((relation) => promptOf(scope.runs, source, relation, lists))
    const prompts = found.filter((prompt) => prompt !== undefined)
    const [model] = prompts.map((prompt) => modelOf(prompt, lists.models)?.id)
    return model === undefined || prompts.length < relations.length
      ? null
      : { modelId: model, promptIds: prompts.map(({ id }) => id), weight: weights.get(source) ?? 1 }
  })
  const whole = sources.filter((source) => source !== null)
  if (settings === null || first === undefined || whole.length < members.length) return null
  return {
    sources: whole,
    together: { least: members.length, most: members.length },
    includeSelfTransfer: true,
    targetIds: [settings.targetId],
    anchorSetIds: [settings.anchorSetId],
    masks: [maskOf(settings)],
    centres: [settings.centre],
    searches: [{ kind: 'exact', ridges: [settings.ridge] }],
    rescale: first.rescale ?? 'none',
    evaluation: {
      split: first.split ?? 'test',
      rankWithin: first.rankWithin ?? 'candidates',
      limit: null,
      taskId: null
    }
  }
}
