/** Mean and spread of one figure over repetitions, such as seeds. */
import { mean, sampleStandardDeviation } from 'simple-statistics'

export type Spread = {
  readonly mean: number
  /** With N − 1; null for a single value. */
  readonly standardDeviation: number | null
  /** N. */
  readonly count: number
}

/** @param values `[N]`, at least one. */
export function spreadOf(values: readonly number[]): Spread {
  return {
    mean: mean(values),
    standardDeviation: values.length > 1 ? sampleStandardDeviation(values) : null,
    count: values.length
  }
}
