/** Averages over conditions, such as all pairs of models, with what they are sure of. */
import { mean } from 'simple-statistics'
import {
  type Difference,
  type Interval,
  meanDifference,
  meanInterval
} from '#engine/common/statistics/bootstrap.ts'
import { type Spread, spreadOf } from '#engine/common/statistics/spread.ts'
import { groupBy } from './group-by.ts'
import { askedScores, type Measurement } from './measure.ts'

export type Average = {
  /** Every condition counts once, then mean and spread over seeds. */
  readonly spread: Spread
  /** Over examples: the answers of all conditions to an example stay together. */
  readonly interval: Interval
  readonly conditions: number
}

/** Scores of a task set by the place of the example, NaN where there is none. */
type ScoresOfSet = { readonly taskSet: string; readonly scores: Float64Array }

function countScores(scores: Float64Array): number {
  return scores.reduce((count, score) => (Number.isNaN(score) ? count : count + 1), 0)
}

/** Enough digits to tell scores apart, and few enough for equal sums to be equal. */
function rounded(value: number): number {
  return Math.round(value * 1e12) / 1e12
}

/** The sums of shares of one task set by place, NaN where no condition has a score. */
function sumShares(conditions: readonly Float64Array[], total: number): Float64Array {
  const sums = new Float64Array(Math.max(...conditions.map(({ length }) => length))).fill(Number.NaN)
  for (const scores of conditions) {
    const weight = 1 / countScores(scores) / total
    for (const [place, score] of scores.entries()) {
      if (Number.isNaN(score)) continue
      const sum = sums[place] ?? Number.NaN
      sums[place] = (Number.isNaN(sum) ? 0 : sum) + weight * score
    }
  }
  return sums
}

/**
 * A value per example whose mean is the mean of the conditions' means: each score divided by how many its condition
 * has, times the number of examples. Drawing these values draws an example with all that was answered to it.
 */
function jointScores(conditions: readonly ScoresOfSet[]): number[] {
  const sets = groupBy(conditions, ({ taskSet }) => taskSet)
  const sums = [...sets.values()].flatMap((group) =>
    askedScores(
      sumShares(
        group.map(({ scores }) => scores),
        conditions.length
      )
    )
  )
  return sums.map((sum) => rounded(sum * sums.length))
}

/** The average of conditions; null of none. The spread is over the seeds that all conditions have in common. */
export function averageOver(measurements: readonly Measurement[]): Average | null {
  if (measurements.length === 0) return null
  const seeds = Math.min(...measurements.map(({ bySeed }) => bySeed.length))
  const bySeed = Array.from({ length: seeds }, (_, seed) =>
    mean(measurements.map((measurement) => measurement.bySeed[seed] ?? Number.NaN))
  )
  const joint = jointScores(
    measurements.map(({ condition, scores }) => ({ taskSet: condition.taskSet, scores }))
  )
  return {
    spread: { ...spreadOf(bySeed), mean: mean(measurements.map(({ spread }) => spread.mean)) },
    interval: meanInterval(joint),
    conditions: measurements.length
  }
}

/** Scores of two conditions on the examples that both were asked, in one order. */
export function pairScores(first: Measurement, second: Measurement): { first: number[]; second: number[] } {
  const isShared = (place: number): boolean =>
    !Number.isNaN(first.scores[place]) && !Number.isNaN(second.scores[place] ?? Number.NaN)
  const ofBoth = ({ scores }: Measurement): number[] => [...scores].filter((_score, place) => isShared(place))
  return { first: ofBoth(first), second: ofBoth(second) }
}

/** By how much the first scores more on each example that both were asked. */
function gainsOf(first: Measurement, second: Measurement): ScoresOfSet {
  const scores = first.scores.map((score, place) => score - (second.scores[place] ?? Number.NaN))
  return { taskSet: first.condition.taskSet, scores }
}

/**
 * How much more the first of each pair scores than the second, every pair counting once; the interval is over
 * examples, drawn for all pairs together. Null where no pair shares an example.
 */
export function averageDifference(
  pairs: readonly (readonly [Measurement, Measurement])[]
): Difference | null {
  const gains = jointScores(
    pairs.map(([first, second]) => gainsOf(first, second)).filter(({ scores }) => countScores(scores) > 0)
  )
  return gains.length === 0 ? null : meanDifference(gains)
}
