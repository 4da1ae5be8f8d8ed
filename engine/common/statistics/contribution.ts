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

/** The sets in which a source is missing. */
function setsWithout(source: number, values: readonly number[]): number[] {
  return values.flatMap((_, set) => ((set >> source) & 1 ? [] : [set]))
}

/**
 * What joining a set of so many others brings each source, in the mean over those sets.
 * @param values `[2^S]` what each set is worth, that of no source first
 * @returns `[S][S]`: source, and size of the set that it joins
 * @throws RangeError where the number of values is no power of two
 */
export function marginalGains(values: readonly number[]): number[][] {
  const sources = Math.log2(values.length)
  if (!Number.isInteger(sources))
    throw new RangeError(`${values.length} is not the number of all sets of any sources`)
  return Array.from({ length: sources }, (_, source) => {
    const sums = new Array<number>(sources).fill(0)
    const counts = new Array<number>(sources).fill(0)
    for (const set of setsWithout(source, values)) {
      const size = membersOf(set).length
      sums[size] += values[set | (1 << source)] - values[set]
      counts[size]++
    }
    return sums.map((sum, size) => sum / counts[size])
  })
}

/**
 * Shapley values: the mean over sizes of what a source brings. They add up to what all sources together are worth
 * above none. They are linear in the values: those of a mean over examples are the mean of those of each example.
 * @param values `[2^S]` as in `marginalGains`
 * @returns `[S]`
 */
export function shapleyValues(values: readonly number[]): number[] {
  return marginalGains(values).map((gains) => gains.reduce((sum, gain) => sum + gain, 0) / gains.length)
}
