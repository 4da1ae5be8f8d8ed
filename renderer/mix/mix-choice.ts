/** What a person has chosen to mix, complete or not, and what it comes to. */
import { z } from 'zod'
import { defaults } from '#engine/common/contract/defaults.ts'
import {
  centreSchema,
  defaultCentre,
  defaultRidgeOf,
  type MaskSettings
} from '#engine/common/contract/transfer.ts'
import type { MixOrder } from '#preload/contract/mix-methods.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import type { Lists } from '#renderer/connection/lists.ts'

/** The task that is called like the relation of the prompts. */
export const ownTask = 'relation'

/** Kept in the project; what is missing has its default. */
export const mixChoiceSchema = z.object({
  promptIds: z.array(z.string()).default([]),
  /** Weight per prompt id; 1 where none is given, and 0 leaves the prompt out. */
  weights: z.record(z.string(), z.number().min(0).max(1)).default({}),
  targetId: z.string().nullable().default(null),
  anchorSetId: z.string().nullable().default(null),
  mask: z.enum(['all', 'top-k', 'common-top-k']).default(defaults.mask.kind),
  /** `k` anchors kept at most, where the mask keeps some. */
  kept: z.int().positive().default(defaults.kept),
  centre: centreSchema.default(defaultCentre),
  /** λ. */
  ridge: z.number().nonnegative().default(defaultRidgeOf(defaultCentre)),
  rescale: z.enum(['after', 'none']).default(defaults.rescale),
  /** The id of a task, or the one of the prompts' relation; null: none. */
  task: z.string().nullable().default(ownTask),
  /** The job of the refinement that was ordered last, as long as it is looked at. */
  refinementId: z.string().nullable().default(null)
})
export type MixChoice = z.output<typeof mixChoiceSchema>
/** All but the weights, which change with every move of a slider. */
export type MixSetup = Omit<MixChoice, 'weights'>

/** Another centring, with its λ where nobody asked for another. */
export function centredSetup(
  { centre: before, ridge }: Pick<MixSetup, 'centre' | 'ridge'>,
  centre: MixSetup['centre']
): Pick<MixSetup, 'centre' | 'ridge'> {
  return { centre, ridge: ridge === defaultRidgeOf(before) ? defaultRidgeOf(centre) : ridge }
}

/** A chosen prompt with its model. */
export type MixSource = { readonly prompt: PromptSummary; readonly model: ModelEntry }

/** The sides of a mixture without its weights: the basis is the same for all of them. */
export type MixSides = Omit<MixOrder, 'sources'> & { sources: { promptId: string; modelId: string }[] }

/** The model of the project that a prompt belongs to: of several with its table the one of the name that it says. */
export function modelOf({ model }: PromptSummary, models: readonly ModelEntry[]): ModelEntry | undefined {
  const alike = models.filter(({ report }) => report.fingerprint.table === model.tableFingerprint)
  return alike.find(({ report }) => report.name === model.name) ?? alike[0]
}

/** The chosen prompts that the project still holds, with their models. */
export function sourcesOf(
  { promptIds }: Pick<MixSetup, 'promptIds'>,
  { models, prompts }: Lists
): MixSource[] {
  return promptIds.flatMap((promptId) => {
    const prompt = prompts.find(({ id }) => id === promptId)
    const model = prompt === undefined ? undefined : modelOf(prompt, models)
    return prompt === undefined || model === undefined ? [] : [{ prompt, model }]
  })
}

export function weightOf(weights: MixChoice['weights'], { prompt }: MixSource): number {
  return weights[prompt.id] ?? 1
}

/** The weights of the sources of a mixture, in their order. */
export function weightsOf({ sources }: MixSides, weights: MixChoice['weights']): number[] {
  return sources.map(({ promptId }) => weights[promptId] ?? 1)
}

/** Names that tell the sources apart: their models', with the prompts' where one model has several, then numbers. */
export function namesOf(sources: readonly MixSource[]): string[] {
  const names = sources.map(({ prompt, model }) => {
    const { name } = model.report
    const alone = sources.filter((other) => other.model.id === model.id).length === 1
    return alone ? name : `${name}: ${prompt.name}`
  })
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length
    return before === 0 ? name : `${name} (${before + 1})`
  })
}

export function maskOf({ mask, kept }: Pick<MixSetup, 'mask' | 'kept'>): MaskSettings {
  switch (mask) {
    case 'all':
      return { kind: 'all' }
    case 'top-k':
      return { kind: 'top-k', k: kept, from: 'sum' }
    case 'common-top-k':
      return { kind: 'common-top-k', k: kept }
  }
}

/** The anchors that a mask keeps: no more than the chosen set has. */
export function keptOf(
  { kept, anchorSetId }: Pick<MixSetup, 'kept' | 'anchorSetId'>,
  { sets }: Pick<Lists, 'sets'>
): number {
  return Math.min(kept, sets.find(({ id }) => id === anchorSetId)?.count ?? kept)
}

/** The sides that a setup makes with these of its sources, or null while something is not chosen. */
export function sidesOf(
  setup: MixSetup,
  sources: readonly MixSource[],
  lists: Pick<Lists, 'sets'>
): MixSides | null {
  const { targetId, anchorSetId, centre, ridge, rescale } = setup
  if (sources.length === 0 || targetId === null || anchorSetId === null) return null
  return {
    sources: sources.map(({ prompt, model }) => ({ promptId: prompt.id, modelId: model.id })),
    targetId,
    anchorSetId,
    mask: maskOf({ mask: setup.mask, kept: keptOf(setup, lists) }),
    centre,
    ridge,
    rescale
  }
}

/** An order with weights, one per source. */
export function withWeights(sides: MixSides, weights: readonly number[]): MixOrder {
  return {
    ...sides,
    sources: sides.sources.map((source, index) => ({ ...source, weight: weights[index] ?? 1 }))
  }
}

/** What a person has to choose next, or null where nothing is missing. */
export function nextStep(setup: MixSetup, sources: readonly MixSource[], lists: Lists): string | null {
  if (sources.length === 0) return 'Choose the prompts to transfer: one, or several to mix.'
  const { models, sets } = lists
  if (!models.some(({ id }) => id === setup.targetId))
    return 'Choose the target, the model to transfer them to.'
  if (!sets.some(({ id }) => id === setup.anchorSetId))
    return 'Choose the anchors that all of the models share.'
  const lengths = new Set(sources.map(({ prompt }) => prompt.vectorCount))
  if (lengths.size > 1)
    return `Choose prompts of one length: these have ${[...lengths].join(' and ')} vectors.`
  return null
}
