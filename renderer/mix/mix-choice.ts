/** What a person has chosen to mix, complete or not, and the order that it makes. */
import { defaultRidge } from '../../engine/contract/transfer.ts'
import type { AnchorSetSummary } from '../../preload/contract/anchor-methods.ts'
import type { MixOrder } from '../../preload/contract/mix-methods.ts'
import type { ModelEntry } from '../../preload/contract/model-methods.ts'
import type { PromptSummary } from '../../preload/contract/prompt-methods.ts'

export type MixChoice = {
  readonly promptIds: readonly string[]
  /** Weight per prompt id, above 0; 1 where none is given. */
  readonly weights: Readonly<Record<string, number>>
  readonly targetId: string | null
  readonly anchorSetId: string | null
  /** `k` anchors kept per vector; null: all. */
  readonly kept: number | null
  /** λ. */
  readonly ridge: number
  readonly rescale: 'after' | 'none'
}

export type MixLists = {
  readonly models: readonly ModelEntry[]
  readonly prompts: readonly PromptSummary[]
  readonly sets: readonly AnchorSetSummary[]
}

export const startingChoice: MixChoice = {
  promptIds: [],
  weights: {},
  targetId: null,
  anchorSetId: null,
  kept: null,
  ridge: defaultRidge,
  rescale: 'after'
}

/** The model of the project that a prompt belongs to. */
export function modelOf(prompt: PromptSummary, models: readonly ModelEntry[]): ModelEntry | undefined {
  return models.find(({ report }) => report.fingerprint.table === prompt.model.tableFingerprint)
}

/** The order that a choice makes, or null while something is missing. */
export function completeOrder(choice: MixChoice, { models, prompts }: MixLists): MixOrder | null {
  const { promptIds, weights, targetId, anchorSetId, kept, ridge, rescale } = choice
  const sources = promptIds.flatMap((promptId) => {
    const prompt = prompts.find(({ id }) => id === promptId)
    const model = prompt === undefined ? undefined : modelOf(prompt, models)
    return model === undefined ? [] : [{ promptId, modelId: model.id, weight: weights[promptId] ?? 1 }]
  })
  if (sources.length === 0 || sources.length < promptIds.length) return null
  if (targetId === null || anchorSetId === null) return null
  const mask = kept === null ? { kind: 'all' as const } : { kind: 'top-k' as const, k: kept }
  return { sources, targetId, anchorSetId, mask, ridge, rescale }
}
