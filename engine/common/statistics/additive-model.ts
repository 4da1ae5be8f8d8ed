/**
 * What a set of sources that was not tried is likely to be worth, from those that were: each source adds its own effect.
 * Bayesian linear regression with known variances (Bishop 2006, section 3.3): `y = b0 + Σ_i b_i x_i`, the effects drawn
 * around zero, so that few sets are enough to say something and the uncertainty says how little.
 */
import { inverse, Matrix } from 'ml-matrix'
import { mean, sampleVariance } from 'simple-statistics'
import { membersOf } from './contribution.ts'

export type TriedSet = {
  /** Its sources, by bits. */
  readonly set: number
  /** From 0 to 1. */
  readonly accuracy: number
  /** Squared standard error of the accuracy. */
  readonly variance: number
}

export type Prediction = { readonly mean: number; readonly standardDeviation: number }

/** Variance of an effect before anything is seen: ten points. */
const effectVariance = 0.1 ** 2
/** What an additive model can't say of a set is at least a point. */
const leastMisfit = 0.01 ** 2

/** `[S + 1]`: the constant and a one per source of the set. */
function features(set: number, sources: number): number[] {
  const members = new Set(membersOf(set))
  return [1, ...Array.from({ length: sources }, (_, source) => (members.has(source) ? 1 : 0))]
}

function posterior(tried: readonly TriedSet[], sources: number, misfit: number) {
  const rows = tried.map(({ set }) => features(set, sources))
  // What all tried sets have in common is not an effect: the constant is free, the effects are not.
  const precision = Matrix.diag([1e-6, ...new Array<number>(sources).fill(1 / effectVariance)])
  const weighted = Matrix.zeros(sources + 1, 1)
  const centre = mean(tried.map(({ accuracy }) => accuracy))
  for (const [index, { accuracy, variance }] of tried.entries()) {
    const row = Matrix.rowVector(rows[index])
    const weight = 1 / (variance + misfit)
    precision.add(row.transpose().mmul(row).mul(weight))
    weighted.add(row.transpose().mul(weight * (accuracy - centre)))
  }
  const covariance = inverse(precision)
  const effects = covariance.mmul(weighted)
  return (set: number): Prediction => {
    const row = Matrix.rowVector(features(set, sources))
    const spread = row.mmul(covariance).mmul(row.transpose()).get(0, 0)
    return { mean: centre + row.mmul(effects).get(0, 0), standardDeviation: Math.sqrt(spread + misfit) }
  }
}

/**
 * @param tried sets that were evaluated on the same examples, at least one
 * @param sources S
 * @returns what any set is worth, with the standard deviation of what is not known of it
 */
export function additiveModel(tried: readonly TriedSet[], sources: number): (set: number) => Prediction {
  const first = posterior(tried, sources, leastMisfit)
  const residuals = tried.map(({ set, accuracy }) => accuracy - first(set).mean)
  // What is left over and no noise of the examples is what sources do together.
  const left = tried.length > sources + 2 ? sampleVariance(residuals) : 0
  const noise = mean(tried.map(({ variance }) => variance))
  return posterior(tried, sources, Math.max(leastMisfit, left - noise))
}
