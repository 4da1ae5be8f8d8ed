/** Means over all examples, and how far methods differ within a stratum, from unequal shares of the strata. */

/** A stratum with its N examples, and which of the drawn are its own. */
export type DrawnStratum = { readonly size: number; readonly drawn: readonly number[] }

/**
 * The mean over all examples of all strata, from scores of the first so many that were drawn: the strata's means, weighted by
 * their sizes. Strata of which none was drawn are left out.
 * @param scores `[n]` in the order drawn
 */
export function stratifiedMean(scores: readonly number[], strata: readonly DrawnStratum[]): number {
  let [sum, total] = [0, 0]
  for (const { size, drawn } of strata) {
    const own = drawn.filter((place) => place < scores.length)
    if (own.length === 0) continue
    sum += (size * own.reduce((all, place) => all + scores[place], 0)) / own.length
    total += size
  }
  return total === 0 ? 0 : sum / total
}

/** An average stratum counts as so many examples of each. */
const prior = 2

/**
 * The standard deviation within each stratum of what methods differ in: examples that all answer alike tell nothing. With
 * few examples it is drawn towards that of all strata.
 * @param methods K of them, `[n]` scores in the order drawn
 * @returns `[strata]`; all one where no two methods differ in anything
 */
export function differenceSpreads(
  methods: readonly { readonly scores: readonly number[] }[],
  strata: readonly DrawnStratum[]
): number[] {
  const sums = strata.map(({ drawn }) => {
    const means = methods.map(({ scores }) => drawn.reduce((sum, at) => sum + scores[at], 0) / drawn.length)
    return drawn.reduce((sum, at) => {
      const centred = methods.map(({ scores }, method) => scores[at] - means[method])
      const mean = centred.reduce((all, value) => all + value, 0) / methods.length
      return sum + centred.reduce((all, value) => all + (value - mean) ** 2, 0) / (methods.length - 1)
    }, 0)
  })
  const freedoms = strata.map(({ drawn }) => Math.max(0, drawn.length - 1))
  const total = freedoms.reduce((sum, freedom) => sum + freedom, 0)
  const average = sums.reduce((sum, value) => sum + value, 0) / Math.max(1, total)
  if (average === 0) return strata.map(() => 1)
  return sums.map((sum, at) => Math.sqrt((sum + prior * average) / (freedoms[at] + prior)))
}
