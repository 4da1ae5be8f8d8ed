/**
 * What a group of runs says as one row. Figures are averaged over relations, seeds and prompts alone: runs that a setting
 * separates have none in common.
 */
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { type FieldValue, isNumeric, type RunField } from './run-fields.ts'

/** The column that puts the runs of one configuration together; it is never seen itself. */
export const configurationKey = 'configuration'

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The accuracy of all examples of the runs, each counted once per run (micro average); null where one was not evaluated. */
function microAccuracy(runs: readonly RunEntry[]): number | null {
  let [hits, examples] = [0, 0]
  for (const { scores } of runs) {
    if (scores === null) return null
    hits += scores.accuracy * scores.examples
    examples += scores.examples
  }
  return examples === 0 ? null : hits / examples
}

function figure({ key, value }: RunField, runs: readonly RunEntry[]): FieldValue {
  const values = runs.map(value).filter((one) => typeof one === 'number')
  switch (key) {
    case 'created':
      return Math.max(...values)
    case 'seconds':
    case 'examples':
      return values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0)
    case 'accuracy':
      return microAccuracy(runs)
    default:
      return values.length < runs.length ? null : mean(values)
  }
}

/** By list of runs: every field of a group asks it of the same hundreds. */
const knownAlike = new WeakMap<readonly RunEntry[], boolean>()

function areOneConfiguration(runs: readonly RunEntry[]): boolean {
  const known = knownAlike.get(runs)
  if (known !== undefined) return known
  const alike = runs.every(({ configuration }) => configuration === runs[0]?.configuration)
  knownAlike.set(runs, alike)
  return alike
}

/** A field of the group: its figure, or what its runs have in common; null where that is nothing. */
export function groupValue(field: RunField, runs: readonly RunEntry[]): FieldValue {
  const [first] = runs
  if (first === undefined) return null
  const isOneConfiguration = areOneConfiguration(runs)
  if (field.isResult === true && isNumeric(field.key)) return isOneConfiguration ? figure(field, runs) : null
  const shared = field.value(first)
  // One set is one set, whatever order its sources were given in.
  if (isOneConfiguration && (field.key === 'sources' || field.key === 'weights')) return shared
  return runs.every((run) => field.value(run) === shared) ? shared : null
}

/** `22 relations`, `22 relations, 66 runs`, or `3 runs` where no relation is named. */
export function groupLabel(runs: readonly RunEntry[]): string {
  const relations = new Set(runs.flatMap(({ relation }) => relation ?? []))
  if (relations.size === 0) return `${runs.length} runs`
  const named = relations.size === 1 ? ([...relations][0] ?? '') : `${relations.size} relations`
  return relations.size === runs.length ? named : `${named}, ${runs.length} runs`
}
