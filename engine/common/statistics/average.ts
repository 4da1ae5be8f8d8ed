/**
 * Averages over the examples of several relations, with their intervals and paired tests. Micro: each example once.
 * Macro: each relation once, whatever its size; its variance is that of a stratified sample (Cochran 1977, 5.6), and it
 * is resampled within relations, since which relations there are is no matter of chance.
 */
import { errorFunction, sum } from 'simple-statistics'
import { bootstrapMeans, type Interval, middleOf, stratifiedMeans } from './bootstrap.ts'
import { type PairedTest, pairedTest } from './paired-test.ts'
import { normalQuantile, wilsonInterval } from './proportion.ts'

export const averageKinds = ['micro', 'macro'] as const
export type AverageKind = (typeof averageKinds)[number]

/** Macro: of every relation the places of its examples. Null: micro. */
export type Strata = readonly (readonly number[])[] | null

/** The places of the examples of each relation, in the order in which relations first occur. */
export function strataOf(relationOf: readonly string[]): number[][] {
  const places = new Map<string, number[]>()
  for (const [at, relation] of relationOf.entries()) {
    const known = places.get(relation)
    if (known === undefined) places.set(relation, [at])
    else known.push(at)
  }
  return [...places.values()]
}

function split(values: readonly number[], strata: readonly (readonly number[])[]): number[][] {
  return strata.map((places) => places.map((at) => values[at]))
}

/** What each of `count` examples counts, 1 in the mean: the mean of weight times value is the average. `[count]` */
export function exampleWeights(count: number, strata: Strata): Float64Array {
  const weights = new Float64Array(count).fill(1)
  for (const places of strata ?? [])
    for (const at of places) weights[at] = count / ((strata ?? []).length * places.length)
  return weights
}

/** The sum of the values at some places, or of all. Hundreds of sets are averaged at once: nothing is copied for it. */
function sumAt(values: readonly number[], places: readonly number[] | null): number {
  const count = places === null ? values.length : places.length
  let sum = 0
  for (let at = 0; at < count; at++) sum += values[places === null ? at : places[at]]
  return sum
}

/** The sum of their squared distances from a centre. */
function squaresAt(values: readonly number[], places: readonly number[] | null, centre: number): number {
  const count = places === null ? values.length : places.length
  let sum = 0
  for (let at = 0; at < count; at++) sum += (values[places === null ? at : places[at]] - centre) ** 2
  return sum
}

/** @param values `[N]`, at least one; of macro at least one in every relation */
export function average(values: readonly number[], strata: Strata): number {
  if (strata === null) return sumAt(values, null) / values.length
  let sum = 0
  for (const places of strata) sum += sumAt(values, places) / places.length
  return sum / strata.length
}

/**
 * The variance of the average of `values` `[N]`, N at least two. A relation of one example has no spread of its own:
 * that of the others, pooled, stands for it.
 */
export function averageVariance(values: readonly number[], strata: Strata): number {
  if (strata === null)
    return squaresAt(values, null, average(values, null)) / (values.length - 1) / values.length
  const squares = strata.map((places) => squaresAt(values, places, sumAt(values, places) / places.length))
  const freedom = sum(strata.map((places) => places.length - 1))
  const pooled = freedom === 0 ? 0 : sum(squares) / freedom
  const variances = strata.map(
    ({ length }, at) => (length > 1 ? squares[at] / (length - 1) : pooled) / length
  )
  return sum(variances) / strata.length ** 2
}

/** 95 % interval of the average by the normal approximation; N at least two. */
export function normalAverageInterval(values: readonly number[], strata: Strata): Interval {
  const half = normalQuantile * Math.sqrt(averageVariance(values, strata))
  const centre = average(values, strata)
  return { low: centre - half, high: centre + half }
}

/** 95 % percentile bootstrap interval of the average over examples, of macro drawn within relations. */
export function bootstrapAverageInterval(values: readonly number[], strata: Strata): Interval {
  return middleOf(strata === null ? bootstrapMeans(values) : stratifiedMeans(split(values, strata)))
}

/** How many examples a micro average would need to be as sure, were all relations alike: `R² / Σ 1/n`. */
function effectiveCount(count: number, strata: Strata): number {
  return strata === null ? count : strata.length ** 2 / sum(strata.map((places) => 1 / places.length))
}

/**
 * 95 % interval of an average of scores from 0 to 1; Wilson's where all are 0 or 1, of which all resamples are alike.
 * Of no examples it is zero.
 * @param isQuick by an approximation rather than the bootstrap: micro by Wilson, macro by the normal distribution
 */
export function scoreInterval(scores: readonly number[], strata: Strata, isQuick: boolean): Interval {
  if (scores.length === 0) return { low: 0, high: 0 }
  const accuracy = average(scores, strata)
  if (accuracy === 0 || accuracy === 1 || (isQuick && strata === null))
    return wilsonInterval(accuracy, effectiveCount(scores.length, strata))
  return isQuick ? normalAverageInterval(scores, strata) : bootstrapAverageInterval(scores, strata)
}

/**
 * The paired test of two averages over the same examples. Micro: McNemar's. Macro: its clustered form with the weights
 * of the examples, `z = Σwd / √Σw²d²`.
 * @throws RangeError where the lengths differ.
 */
export function averageTest(first: readonly number[], second: readonly number[], strata: Strata): PairedTest {
  const test = pairedTest(first, second)
  if (strata === null) return test
  let [total, squares] = [0, 0]
  for (const places of strata)
    for (const at of places) {
      const weighted = (first[at] - second[at]) / places.length
      total += weighted
      squares += weighted ** 2
    }
  const z = squares === 0 ? 0 : total / Math.sqrt(squares)
  return { ...test, kind: 'weighted', exact: null, p: 1 + errorFunction(-Math.abs(z) / Math.SQRT2) }
}
