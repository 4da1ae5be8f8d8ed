/** A set of sources as an order: the prompts of its runs, for Mix or for the queue, in the settings of the scope. */
import { defaults } from '#engine/common/contract/defaults.ts'
import type { TransferGrid } from '#preload/contract/mix-methods.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { type MixChoice, maskOf, modelOf } from '#renderer/mix/mix-choice.ts'
import type { Scope } from '#renderer/runs/scope.ts'

/** The setup of a mixture, as far as the project still holds what the runs were made of. */
export type MixOfSet = Pick<
  MixChoice,
  'promptIds' | 'targetId' | 'anchorSetId' | 'mask' | 'kept' | 'centre' | 'ridge' | 'weights'
>

/** The prompt that a run of the scope used of a source for a relation. */
function promptOf(runs: readonly RunEntry[], source: string, relation: string, { prompts, models }: Lists) {
  const used = runs
    .filter((run) => run.relation === relation)
    .flatMap(({ sources }) => sources)
    .find(({ model }) => model === source)
  return prompts.find((prompt) => {
    if (prompt.name !== used?.prompt || prompt.runId !== null) return false
    return modelOf(prompt, models)?.report.fingerprint.table === used.table
  })
}

type Settings = { readonly targetId: string; readonly anchorSetId: string } & Pick<
  MixChoice,
  'mask' | 'kept' | 'centre' | 'ridge'
>

/** The settings of the scope that a transfer takes; null where it is of another method, or something is gone. */
function settingsOf({ runs }: Pick<Scope, 'runs'>, { models, sets }: Lists): Settings | null {
  const [first] = runs
  // Of models with one table the one of the run's name, which a part of the fingerprint may follow.
  const alike = models.filter(({ report }) => report.fingerprint.table === first?.targetTable)
  const targetId = (alike.find(({ report }) => first?.target.startsWith(report.name)) ?? alike[0])?.id
  const anchorSetId = sets.find(({ name, count }) => name === first?.anchorSet && count === first.anchors)?.id
  if (first === undefined || targetId === undefined || anchorSetId === undefined) return null
  if (first.method !== 'exact' || first.ridge === null || first.mask === null) return null
  const { mask, ridge } = first
  return {
    targetId,
    anchorSetId,
    mask,
    kept: first.kept ?? defaults.kept,
    centre: first.centre ?? 'none',
    ridge
  }
}

/** The mixture of a set for one relation. */
export function mixOfSet(
  scope: Scope,
  members: readonly string[],
  relation: string,
  lists: Lists
): MixOfSet | null {
  const settings = settingsOf(scope, lists)
  const found = members.map((source) => promptOf(scope.runs, source, relation, lists)?.id)
  const promptIds = found.filter((id) => id !== undefined)
  if (settings === null || promptIds.length < members.length) return null
  return { ...settings, promptIds, weights: {} }
}

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
  const settings = settingsOf(scope, lists)
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
