/** Spearman's rank correlation, with an interval. */
import { sampleRankCorrelation } from 'simple-statistics'
import type { Interval } from './bootstrap.ts'

export type Pair = readonly [x: number, y: number]

/** Spearman's ρ of pairs, ties by mean ranks; zero where one side does not vary or there are fewer than two. */
export function rankCorrelation(pairs: readonly Pair[]): number {
  if (pairs.length < 2) return 0
  const rho = sampleRankCorrelation(
    pairs.map(([x]) => x),
    pairs.map(([, y]) => y)
  )
  return Number.isNaN(rho) ? 0 : rho
}

/** The 97.5 % quantile of the standard normal distribution. */
const normalQuantile = 1.959963984540054

/**
 * ρ with a 95 % interval by Fisher's z and the standard error of Bonett and Wright (2000), √((1 + ρ²/2)/(n − 3));
 * null for fewer than four pairs, and where |ρ| is one, which Fisher's z cannot bound. The pairs have to be
 * independent of each other: the steps of one search are not.
 */
export function rankCorrelationInterval(pairs: readonly Pair[]): Interval | null {
  const rho = rankCorrelation(pairs)
  if (pairs.length < 4 || Math.abs(rho) >= 1) return null
  const [centre, error] = [Math.atanh(rho), Math.sqrt((1 + rho ** 2 / 2) / (pairs.length - 3))]
  return {
    low: Math.tanh(centre - normalQuantile * error),
    high: Math.tanh(centre + normalQuantile * error)
  }
}

export type PooledCorrelation = Interval & {
  readonly rho: number
  /** How many strata had enough pairs. */
  readonly used: number
}

/**
 * One ρ of several strata, as a fixed-effect meta-analysis does it: the mean of Fisher's z weighted by the inverse of its
 * variance (Bonett and Wright 2000). Strata of fewer than four pairs, or where |ρ| is one or nothing varies, say nothing.
 * @returns null where no stratum does
 */
export function pooledRankCorrelation(strata: readonly (readonly Pair[])[]): PooledCorrelation | null {
  const known = strata.flatMap((pairs) => {
    const rho = rankCorrelation(pairs)
    if (pairs.length < 4 || Math.abs(rho) >= 1 || !varies(pairs)) return []
    return [{ z: Math.atanh(rho), weight: (pairs.length - 3) / (1 + rho ** 2 / 2) }]
  })
  if (known.length === 0) return null
  const total = known.reduce((sum, { weight }) => sum + weight, 0)
  const z = known.reduce((sum, one) => sum + one.weight * one.z, 0) / total
  const half = normalQuantile / Math.sqrt(total)
  return { rho: Math.tanh(z), low: Math.tanh(z - half), high: Math.tanh(z + half), used: known.length }
}

function varies(pairs: readonly Pair[]): boolean {
  return [0, 1].every((side) => new Set(pairs.map((pair) => pair[side])).size > 1)
}
