/** How sure a share of examples is, by Wilson's interval. */
import type { Interval } from './bootstrap.ts'

/** The 97.5 % quantile of the standard normal distribution. */
export const normalQuantile = 1.959963984540054

/** Wilson's 95 % interval (1927) of a proportion, which has a width at 0 and 1 too. @param trials at least one */
export function wilsonInterval(proportion: number, trials: number): Interval {
  const square = normalQuantile ** 2
  const centre = proportion + square / (2 * trials)
  const half =
    normalQuantile * Math.sqrt((proportion * (1 - proportion)) / trials + square / (4 * trials ** 2))
  const scale = 1 + square / trials
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) }
}
