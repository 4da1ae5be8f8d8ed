/** How sure a share of examples is: the bootstrap, and where it says nothing, Wilson's interval. */
import { mean, sampleVariance } from 'simple-statistics'
import { type Interval, meanInterval } from './bootstrap.ts'

/** The 97.5 % quantile of the standard normal distribution. */
const normalQuantile = 1.959963984540054

/** Wilson's 95 % interval (1927) of a proportion, which has a width at 0 and 1 too. @param trials at least one */
export function wilsonInterval(proportion: number, trials: number): Interval {
  const square = normalQuantile ** 2
  const centre = proportion + square / (2 * trials)
  const half =
    normalQuantile * Math.sqrt((proportion * (1 - proportion)) / trials + square / (4 * trials ** 2))
  const scale = 1 + square / trials
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) }
}

/** 95 % interval of a mean of `values` `[n]` by the normal approximation, for many of them; n at least two. */
export function normalInterval(values: readonly number[]): Interval {
  const half = normalQuantile * Math.sqrt(sampleVariance([...values]) / values.length)
  const centre = mean([...values])
  return { low: centre - half, high: centre + half }
}

/**
 * 95 % interval of a mean of scores from 0 to 1 over examples: the percentile bootstrap, or Wilson's where every example
 * is right or every one wrong, of which all resamples would be alike.
 * @param scores `[n]`; those of several seeds come in as their mean; of none the interval is zero
 */
export function accuracyInterval(scores: readonly number[]): Interval {
  if (scores.length === 0) return { low: 0, high: 0 }
  const accuracy = mean([...scores])
  return accuracy === 0 || accuracy === 1 ? wilsonInterval(accuracy, scores.length) : meanInterval(scores)
}
