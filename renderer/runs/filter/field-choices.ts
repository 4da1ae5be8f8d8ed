/** What a part of a filter may be made of: fields that say something of the runs, how each is compared, values that occur. */
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { fieldText, isNumeric, type RunField, runFields, setOf } from '../run-fields.ts'
import type { Operator } from './run-filter.ts'

export const operatorNames = {
  '=': 'is exactly',
  ':': 'contains',
  '>': 'more than',
  '>=': 'at least',
  '<': 'less than',
  '<=': 'at most'
} as const satisfies Readonly<Record<Operator, string>>

/** A date is written with its digits, but nobody compares it by its milliseconds. */
function isCompared({ key }: RunField): boolean {
  return isNumeric(key) && key !== 'created'
}

/** Figures that hardly two runs share: nobody chooses one of a list. */
function isMeasured({ key, isResult, digits }: RunField): boolean {
  return key === 'created' || (isResult === true && digits !== undefined)
}

export function operatorsOf(field: RunField | null): readonly Operator[] {
  return field !== null && isCompared(field) ? ['=', '>', '>=', '<', '<=', ':'] : ['=', ':']
}

/** The operator that a person most likely means. */
export function usualOperator(field: RunField): Operator {
  if (isMeasured(field)) return isCompared(field) ? '>=' : ':'
  return '='
}

/** Fields that have a value in one run at least. */
export function fieldsWithValues(runs: readonly RunEntry[]): RunField[] {
  return runFields.filter(({ value }) => runs.some((run) => value(run) !== null))
}

type Occurring = { readonly text: string; readonly count: number }

/** The values of a field among runs, the most frequent first; none of what is measured. */
export function valuesOf(field: RunField, runs: readonly RunEntry[]): Occurring[] {
  if (isMeasured(field)) return []
  const counts = new Map<string, number>()
  for (const run of runs) {
    // A set of sources is one whatever its order.
    const text = field.key === 'sources' ? setOf(run) : fieldText(field, field.value(run))
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts].map(([text, count]) => ({ text, count })).sort((a, b) => b.count - a.count)
}
