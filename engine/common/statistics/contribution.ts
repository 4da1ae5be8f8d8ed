/**
 * What each of several sources contributes to their sets: Shapley values (1953), exactly, over all subsets. Sets are
 * numbers whose bit `i` says that source `i` is in: of S sources there are `2^S`, the empty one first.
 */

/** The sources of a set, by their bits. */
export function membersOf(set: number): number[] {
  return Array.from({ length: 32 - Math.clz32(set) }, (_, source) => source).filter(
    (source) => (set >> source) & 1
  )
}

/**
 * Shapley values are linear in what the sets are worth: `φ_i = Σ_T w_i(T) v(T)`, with `(t − 1)!(S − t)!/S!` for the sets T
 * of t sources that source i is in, and `−t!(S − t − 1)!/S!` for the others.
 * @param sources S
 * @returns `[S][2^S]`
 */
function shapleyWeights(sources: number): number[][] {
  // 1 / (S · binomial(S − 1, t)): what a set of t others counts among all orders of joining.
  const shares = [1 / sources]
  for (let size = 1; size < sources; size++) shares.push((shares[size - 1] * size) / (sources - size))
  const sizes = Array.from({ length: 2 ** sources }, (_, set) => membersOf(set).length)
  return Array.from({ length: sources }, (_, source) =>
    sizes.map((size, set) => ((set >> source) & 1 ? shares[size - 1] : -shares[size]))
  )
}

/**
 * The mean over all orders of joining of what each source adds. They add up to what all sources together are worth above
 * none.
 * @param worth `[2^S][N]` what each set is worth on each example, that of no source first
 * @returns `[S][N]`
 * @throws RangeError where the number of sets is not that of all of them
 */
export function shapleyValues(worth: readonly ArrayLike<number>[]): Float64Array[] {
  const sources = Math.log2(worth.length)
  if (!Number.isInteger(sources))
    throw new RangeError(`${worth.length} is not the number of all sets of any sources`)
  return shapleyWeights(sources).map((weights) => {
    const values = new Float64Array(worth[0].length)
    for (const [set, scores] of worth.entries()) {
      const weight = weights[set]
      for (let at = 0; at < values.length; at++) values[at] += weight * scores[at]
    }
    return values
  })
}
