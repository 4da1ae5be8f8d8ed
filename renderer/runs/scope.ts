/**
 * The scope of a comparison: one value of every setting that tells runs apart. What a setting separates is never
 * averaged; relations, seeds and prompts are what is left.
 */
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { type FieldValue, type RunField, requireField } from './run-fields.ts'

/** In the order they are chosen in: a later one offers what the earlier ones leave. */
export const settingKeys = [
  'method',
  'anchorSet',
  'anchors',
  'mask',
  'kept',
  'centre',
  'ridge',
  'refinement',
  'rescale',
  'length',
  'split',
  'rankWithin'
] as const

/** How runs were asked: what those without sources have of the settings. */
const askedKeys = ['split', 'rankWithin'] as const

export type ScopeSetting = {
  readonly field: RunField
  /** What there is to choose from, the most frequent first. */
  readonly values: readonly FieldValue[]
  readonly value: FieldValue
}

export type Scope = {
  readonly settings: readonly ScopeSetting[]
  /** Transfers with equal weights. */
  readonly runs: readonly RunEntry[]
  /** Those with unequal weights too. */
  readonly all: readonly RunEntry[]
  /** Runs without any source, asked alike: manual templates, the target's own prompts, random vectors. */
  readonly references: readonly RunEntry[]
}

/** What was chosen, by the field's key. */
export type ChosenSettings = Readonly<Record<string, FieldValue>>

/** Distinct values, the most frequent first; of equally frequent ones the first met. */
function byFrequency<T>(values: readonly T[]): T[] {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value)
}

/** Names of targets, those of the most transfers first. */
export function targetsOf(runs: readonly RunEntry[]): string[] {
  return byFrequency(runs.filter(({ sources }) => sources.length > 0).map(({ target }) => target))
}

function hasEqualWeights({ sources }: RunEntry): boolean {
  return sources.every(({ weight }) => weight === sources[0]?.weight)
}

/**
 * The scope that was chosen, as far as there are runs of it, else the most frequent one.
 * @param free the key of a setting that is left open: the axis of a figure
 */
export function scopeOf(all: readonly RunEntry[], chosen: ChosenSettings, free: string | null = null): Scope {
  let runs = all.filter(({ sources }) => sources.length > 0)
  const settings = settingKeys
    .filter((key) => key !== free)
    .map((key): ScopeSetting => {
      const field = requireField(key)
      const values = byFrequency(runs.map(field.value))
      const value = values.find((one) => one === chosen[key]) ?? values[0] ?? null
      if (values.length > 1) runs = runs.filter((run) => field.value(run) === value)
      return { field, values, value }
    })
  const [first] = runs
  const asked = askedKeys.map(requireField)
  return {
    settings,
    runs: runs.filter(hasEqualWeights),
    all: runs,
    references: all.filter(
      (run) =>
        run.sources.length === 0 &&
        (first === undefined || asked.every((field) => field.value(run) === field.value(first)))
    )
  }
}
