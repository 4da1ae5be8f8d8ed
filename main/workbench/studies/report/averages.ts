/** Averages over conditions, such as all pairs of models, with what they are sure of. */
import { mean } from 'simple-statistics'
import {
  type Difference,
  type Interval,
  meanDifference,
  meanInterval
} from '../../../../engine/statistics/bootstrap.ts'
import { type Spread, spreadOf } from '../../../../engine/statistics/spread.ts'
import type { Measurement } from './measure.ts'

export type Average = {
  /** Every condition counts once, then mean and spread over seeds. */
  readonly spread: Spread
  /** Over examples: the answers of all conditions to an example stay together. */
  readonly interval: Interval
  readonly conditions: number
}

type Scores = ReadonlyMap<number, number>
type ScoresOfSet = { readonly taskSet: string; readonly scores: Scores }

/** The scores of a measurement by the place of the example. */
function scoresByPlace({ scores }: Measurement): Scores {
  return new Map([...scores.entries()].filter(([, score]) => !Number.isNaN(score)))
}

/** Enough digits to tell scores apart, and few enough for equal sums to be equal. */
function rounded(value: number): number {
  return Number(value.toFixed(12))
}

/**
 * A value per example whose mean is the mean of the conditions' means: each score divided by how many its condition
 * has, times the number of examples. Drawing these values draws an example with all that was answered to it.
 */
function jointScores(conditions: readonly ScoresOfSet[]): number[] {
  const sums = new Map<string, number>()
  for (const { taskSet, scores } of conditions) {
    for (const [place, score] of scores) {
      const key = `${taskSet}\n${place}`
      sums.set(key, (sums.get(key) ?? 0) + score / scores.size / conditions.length)
    }
  }
  return [...sums.values()].map((sum) => rounded(sum * sums.size))
}

/** The average of conditions; null of none. The spread is over the seeds that all conditions have in common. */
export function averageOver(measurements: readonly Measurement[]): Average | null {
  if (measurements.length === 0) return null
  const seeds = Math.min(...measurements.map(({ bySeed }) => bySeed.length))
  const bySeed = Array.from({ length: seeds }, (_, seed) =>
    mean(measurements.map((measurement) => measurement.bySeed[seed] ?? Number.NaN))
  )
  const joint = jointScores(
    measurements.map((measurement) => ({
      taskSet: measurement.condition.taskSet,
      scores: scoresByPlace(measurement)
    }))
  )
  return {
    spread: { ...spreadOf(bySeed), mean: mean(measurements.map(({ spread }) => spread.mean)) },
    interval: meanInterval(joint),
    conditions: measurements.length
  }
}

/** Scores of two conditions on the examples that both were asked, in one order. */
export function pairScores(first: Measurement, second: Measurement): { first: number[]; second: number[] } {
  const others = scoresByPlace(second)
  const shared = [...scoresByPlace(first)].filter(([place]) => others.has(place))
  return {
    first: shared.map(([, score]) => score),
    second: shared.map(([place]) => others.get(place) ?? Number.NaN)
  }
}

/** By how much the first scores more on each example that both were asked. */
function gainsOf(first: Measurement, second: Measurement): ScoresOfSet {
  const others = scoresByPlace(second)
  const gains = [...scoresByPlace(first)].flatMap(([place, score]): [number, number][] => {
    const other = others.get(place)
    return other === undefined ? [] : [[place, score - other]]
  })
  return { taskSet: first.condition.taskSet, scores: new Map(gains) }
}

/**
 * How much more the first of each pair scores than the second, every pair counting once; the interval is over
 * examples, drawn for all pairs together. Null where no pair shares an example.
 */
export function averageDifference(
  pairs: readonly (readonly [Measurement, Measurement])[]
): Difference | null {
  const gains = jointScores(
    pairs.map(([first, second]) => gainsOf(first, second)).filter(({ scores }) => scores.size > 0)
  )
  return gains.length === 0 ? null : meanDifference(gains)
}
