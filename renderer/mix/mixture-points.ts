/** Weights along a line of two sources or over a triangle of three, and what `mix` makes of each. */

import type { TableData } from '#engine/common/format/table.ts'
import { type MixingBasis, type Mixture, mix } from '#engine/common/mixing/mixing.ts'
import { divisions } from '#engine/common/mixing/weight-grid.ts'

/** One per source, adding up to 1. */
export type Weights = readonly number[]

/** Steps from one source to the other, and along a side of the triangle. */
const lineSteps = 20
const triangleSteps = 12
const profileSteps = 8

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}

/**
 * The weights to show for two or three sources, the coarse ones first: ends, middle, quarters, … so that a picture
 * that fills in shows its shape early.
 */
export function mixtureWeights(sources: 2 | 3): Weights[] {
  const steps = sources === 2 ? lineSteps : triangleSteps
  const coarseness = (division: readonly number[]): number => division.reduce(greatestDivisor, 0)
  return divisions(steps, sources)
    .toSorted((a, b) => coarseness(b) - coarseness(a))
    .map((division) => division.map((part) => part / steps))
}

export type ProfilePoint = {
  /** Which source's weight is changed, and to what. */
  readonly source: number
  readonly at: number
  readonly weights: Weights
}

/**
 * For each source its weight from 0 to 1, the others scaled to what is left; where they have no weight, alike. Coarse
 * ones first.
 * @param shares of the sources, adding up to 1
 */
export function profileWeights(shares: Weights): ProfilePoint[] {
  const coarseness = (step: number): number => greatestDivisor(step, profileSteps)
  const steps = Array.from({ length: profileSteps + 1 }, (_, step) => step)
  return steps
    .toSorted((a, b) => coarseness(b) - coarseness(a))
    .flatMap((step) => {
      const at = step / profileSteps
      return shares.map((own, source) => ({
        source,
        at,
        weights: shares.map((share, other) => {
          if (other === source) return at
          return (1 - at) * (own < 1 ? share / (1 - own) : 1 / (shares.length - 1))
        })
      }))
    })
}

/** Mean over the vectors of Eq. 7 over the sum of the weights, from −1 to 1. */
export function meanMatching({ vectors }: Pick<Mixture, 'vectors'>, weights: Weights): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return vectors.reduce((sum, { matching }) => sum + matching, 0) / vectors.length / total
}

/** The same of random rows of the target's table. */
export function meanRandom({ vectors }: Pick<Mixture, 'vectors'>, weights: Weights): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return vectors.reduce((sum, { random }) => sum + random, 0) / vectors.length / total
}

export function meanUpperBound({ vectors }: Pick<Mixture, 'vectors'>): number {
  return vectors.reduce((sum, { upperBound }) => sum + upperBound, 0) / vectors.length
}

export type MixturePoint = { readonly weights: Weights; readonly mixture: Mixture; readonly matching: number }

export function mixturePoints(basis: MixingBasis, sources: 2 | 3): MixturePoint[] {
  return mixtureWeights(sources).map((weights) => {
    const mixture = mix(basis, weights)
    return { weights, mixture, matching: meanMatching(mixture, weights) }
  })
}

/** The weights that leave one source each, in their order. */
export function cornersOf(sources: number): Weights[] {
  return Array.from({ length: sources }, (_, source) =>
    Array.from({ length: sources }, (_, other) => (other === source ? 1 : 0))
  )
}

/** Weights of any size as shares that add up to 1. */
export function sharesOf(weights: Weights): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => (total > 0 ? weight / total : 1 / weights.length))
}

export type Accuracy = {
  readonly accuracy: number
  readonly low: number
  readonly high: number
  readonly examples: number
}

/** The data of a picture of mixtures, as a table. */
export function mixtureTable(
  names: readonly string[],
  points: readonly Pick<MixturePoint, 'weights' | 'matching'>[],
  accuracies: readonly (Accuracy | null)[]
): TableData {
  return {
    columns: [...names.map((name) => `Weight of ${name}`), 'Matching', 'Accuracy', 'Low', 'High', 'N'],
    rows: points.map(({ weights, matching }, index) => {
      const { accuracy = null, low = null, high = null, examples = null } = accuracies[index] ?? {}
      return [...weights, matching, accuracy, low, high, examples]
    })
  }
}
