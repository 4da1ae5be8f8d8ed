/** What a person has chosen to tune, complete or not, and the order that it makes. */
import { defaults } from '#engine/common/contract/defaults.ts'
import { type TuningSettings, tuningSettingsSchema } from '#engine/common/contract/tuning.ts'

export type TuningChoice = {
  readonly modelId: string | null
  readonly taskIds: readonly string[]
  readonly start: 'random' | 'manual' | 'prompt'
  /** `m`, where the start is random. */
  readonly vectors: number
  /** Where the start is a prompt. */
  readonly promptId: string | null
  /** As written: numbers with commas or spaces between them. */
  readonly seeds: string
  readonly settings: TuningSettings
}

export const startingTuning: TuningChoice = {
  modelId: null,
  taskIds: [],
  start: 'random',
  vectors: defaults.length,
  promptId: null,
  seeds: `${defaults.seed}`,
  settings: tuningSettingsSchema.parse({})
}

/** The seeds that a text names, or null where it is no list of whole numbers. */
export function parseSeeds(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '')
  const seeds = parts.map(Number)
  return parts.length > 0 && seeds.every(Number.isSafeInteger) ? [...new Set(seeds)] : null
}

function startOf({ start, vectors, promptId }: TuningChoice) {
  switch (start) {
    case 'random':
      return { kind: 'random' as const, vectors }
    case 'manual':
      return { kind: 'manual' as const }
    case 'prompt':
      return promptId === null ? null : { kind: 'prompt' as const, promptId }
  }
}

/** The order, or null while something is missing. */
export function completeTuning(choice: TuningChoice) {
  const { modelId, taskIds, settings } = choice
  const seeds = parseSeeds(choice.seeds)
  const start = startOf(choice)
  if (modelId === null || taskIds.length === 0 || seeds === null || start === null) return null
  return { modelId, taskIds: [...taskIds], seeds, start, settings }
}
