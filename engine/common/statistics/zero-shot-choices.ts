/** What rules that look at no label choose among sets of sources, to hold against what a race chose by labels. */

/** A set of sources with the mean matching of its prompts; null where that is not known. */
type RacedSet = {
  readonly sources: readonly { readonly weight: number }[]
  readonly agreement: number | null
}

export function hasEqualWeights({ sources }: Pick<RacedSet, 'sources'>): boolean {
  return sources.every(({ weight }) => weight === sources[0]?.weight)
}

/** The place of the highest value; null where there is none. */
function highest(values: readonly (number | null)[]): number | null {
  let best: number | null = null
  for (const [place, value] of values.entries())
    if (value !== null && (best === null || value > (values[best] ?? Number.NEGATIVE_INFINITY))) best = place
  return best
}

/**
 * Places in `sets`, of those with equal weights: `all` with the most sources; `agreeing` of two sources or more the one
 * of the highest agreement. Null where no set is like that. Over weights matching is highest at a single source, and so
 * says nothing.
 */
export function zeroShotChoices(sets: readonly RacedSet[]): { all: number | null; agreeing: number | null } {
  return {
    all: highest(sets.map((set) => (hasEqualWeights(set) ? set.sources.length : null))),
    agreeing: highest(
      sets.map((set) => (hasEqualWeights(set) && set.sources.length > 1 ? set.agreement : null))
    )
  }
}
