/**
 * The percentile bootstrap (Efron 1979) of a mean over examples. What belongs together, such as the answers of
 * several seeds to one example, comes in as one value, so that it is drawn together.
 */
import { mean, quantileSorted } from 'simple-statistics'
import {
  type BinomialSource,
  type IndexSource,
  seededBinomials,
  seededIndices
} from '#engine/common/random/seeded-random.ts'

export type Interval = { readonly low: number; readonly high: number }

const [resamples, seed] = [2000, 0]

/** A binomial number costs about as much as drawing so many values. */
const binomialCost = 70

/** How often each value occurs. */
function countValues(values: readonly number[]): [value: number, times: number][] {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
}

/** The mean of one resample, drawn value by value. */
function drawnMean(values: readonly number[], index: IndexSource): number {
  let sum = 0
  for (let drawn = 0; drawn < values.length; drawn++) {
    sum += values[index(values.length)]
  }
  return sum / values.length
}

/** The mean of one resample: how often each value is drawn is multinomial, so one binomial follows another. */
function countedMean(counts: readonly [number, number][], total: number, draw: BinomialSource): number {
  let [toDraw, left, sum] = [total, total, 0]
  for (const [value, times] of counts) {
    const drawn = left === times ? toDraw : draw(toDraw, times / left)
    sum += drawn * value
    toDraw -= drawn
    left -= times
  }
  return sum / total
}

/** Draws the mean of a resample of `values`, whichever way is quicker. */
function resampler(values: readonly number[], binomial: BinomialSource, index: IndexSource): () => number {
  const counts = countValues(values)
  return counts.length * binomialCost < values.length
    ? () => countedMean(counts, values.length, binomial)
    : () => drawnMean(values, index)
}

/** Means of the resamples of `values` `[n]`, in rising order; the same for the same values. */
export function bootstrapMeans(values: readonly number[]): number[] {
  return stratifiedMeans([values])
}

/** Means over strata of the means of their resamples, each drawn within its stratum; in rising order. */
export function stratifiedMeans(strata: readonly (readonly number[])[]): number[] {
  const [binomial, index] = [seededBinomials(seed), seededIndices(seed)]
  const draws = strata.map((values) => resampler(values, binomial, index))
  return Array.from({ length: resamples }, () => {
    let sum = 0
    for (const draw of draws) sum += draw()
    return sum / draws.length
  }).sort((a, b) => a - b)
}

/** The middle 95 % of numbers in rising order. */
export function middleOf(sorted: readonly number[]): Interval {
  return { low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) }
}

/** 95 % percentile bootstrap interval of the mean of `values` `[n]`; zero where there are none. */
export function meanInterval(values: readonly number[]): Interval {
  return values.length === 0 ? { low: 0, high: 0 } : middleOf(bootstrapMeans(values))
}

/**
 * 95 % percentile bootstrap interval of a weighted mean, each value drawn with its weight: of runs with their numbers
 * of examples the interval of the micro average, runs drawn whole.
 * @param values at least one
 */
export function weightedInterval(
  values: readonly { readonly value: number; readonly weight: number }[]
): Interval {
  const index = seededIndices(seed)
  const means = Array.from({ length: resamples }, () => {
    let [sum, total] = [0, 0]
    for (let drawn = 0; drawn < values.length; drawn++) {
      const { value, weight } = values[index(values.length)]
      sum += weight * value
      total += weight
    }
    return sum / total
  })
  return middleOf(means.sort((a, b) => a - b))
}

export type Difference = Interval & {
  /** Mean of first minus second. */
  readonly difference: number
  /** Two-sided: twice the share of resamples on the other side of zero, never below one in the number of resamples. */
  readonly p: number
}

/**
 * How sure it is that the mean of differences is not zero.
 * @param differences `[n]`, at least one.
 */
export function meanDifference(differences: readonly number[]): Difference {
  const means = bootstrapMeans(differences)
  const notAbove = means.filter((difference) => difference <= 0).length
  const notBelow = means.filter((difference) => difference >= 0).length
  const p = (2 * (Math.min(notAbove, notBelow) + 1)) / (resamples + 1)
  return { difference: mean(differences), ...middleOf(means), p: Math.min(1, p) }
}

/**
 * The paired bootstrap (Koehn 2004, with an interval): the difference of two methods over the same examples.
 * @param first `[n]` what the first method scored on each example; @param second `[n]` the second, in the same order.
 * @throws RangeError where the lengths differ or there are no examples.
 */
export function pairedDifference(first: readonly number[], second: readonly number[]): Difference {
  if (first.length !== second.length || first.length === 0) {
    throw new RangeError(`pairs are needed, not ${first.length} and ${second.length} values`)
  }
  return meanDifference(first.map((value, index) => value - second[index]))
}
