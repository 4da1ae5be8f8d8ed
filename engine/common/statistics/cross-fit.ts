/**
 * What choosing the best of many mixtures is worth. The best on some examples is too good on these same examples by
 * chance; so it is chosen on nine tenths of them and scored on the tenth that had no say, each tenth in turn. That says
 * how well the choosing does on examples it has not seen (cross-fitting; Stone 1974).
 */
import { exampleWeights, type Strata } from './average.ts'

const folds = 10

export type CrossFitted = {
  /** The mixture chosen by all examples of each group. `[groups]` */
  readonly chosen: readonly number[]
  /** `[N]` each example's score with the mixture that the others of its group chose. */
  readonly scores: readonly number[]
}

/** The mixture with the highest sum at some places; of equal ones the usual, else the first. */
function bestAt(
  mixtures: readonly (readonly number[])[],
  usual: number,
  places: readonly number[],
  weights: Float64Array
): number {
  const sums = mixtures.map((scores) => places.reduce((sum, at) => sum + weights[at] * scores[at], 0))
  // Sums of weights that are no whole numbers differ in their last digits.
  const highest = Math.max(...sums) - 1e-9
  return sums[usual] >= highest ? usual : sums.findIndex((sum) => sum >= highest)
}

/**
 * @param mixtures `[K][N]` scores of each mixture, on the same examples
 * @param usual the mixture that is taken where nothing speaks against it
 * @param groups places of the examples that choose together: all, or those of each relation
 * @param strata what is averaged over where a group chooses by its average
 */
export function crossFit(
  mixtures: readonly (readonly number[])[],
  usual: number,
  groups: readonly (readonly number[])[],
  strata: Strata
): CrossFitted {
  const scores = [...mixtures[usual]]
  const weights = exampleWeights(scores.length, strata)
  for (const places of groups) {
    for (let fold = 0; fold < folds; fold++) {
      const others = places.filter((_, index) => index % folds !== fold)
      const best = bestAt(mixtures, usual, others, weights)
      for (let index = fold; index < places.length; index += folds)
        scores[places[index]] = mixtures[best][places[index]]
    }
  }
  return { chosen: groups.map((places) => bestAt(mixtures, usual, places, weights)), scores }
}
