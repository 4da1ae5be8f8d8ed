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

/** Of each mixture its weighted sums over some places, those of every fold apart. `[K][folds]` */
function foldSums(
  mixtures: readonly (readonly number[])[],
  places: readonly number[],
  weights: Float64Array
): number[][] {
  return mixtures.map((scores) => {
    const sums = new Array<number>(folds).fill(0)
    for (let index = 0; index < places.length; index++) {
      const at = places[index]
      sums[index % folds] += weights[at] * scores[at]
    }
    return sums
  })
}

/** The mixture with the highest sum but for a fold; of equal ones the usual, else the first. */
function bestWithout(left: number | null, sums: readonly (readonly number[])[], usual: number): number {
  const kept = sums.map((own) => own.reduce((sum, part, fold) => (fold === left ? sum : sum + part), 0))
  // Sums of weights that are no whole numbers differ in their last digits.
  const highest = Math.max(...kept) - 1e-9
  return kept[usual] >= highest ? usual : kept.findIndex((sum) => sum >= highest)
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
  const chosen = groups.map((places) => {
    const sums = foldSums(mixtures, places, weights)
    for (let fold = 0; fold < folds; fold++) {
      const best = bestWithout(fold, sums, usual)
      for (let index = fold; index < places.length; index += folds)
        scores[places[index]] = mixtures[best][places[index]]
    }
    return bestWithout(null, sums, usual)
  })
  return { chosen, scores }
}
