/** Byte-pair encoding learned from word counts (Sennrich, Haddow and Birch, 2016). */

/** One word as its present pieces. */
type Segmented = { pieces: string[]; readonly count: number }

const separator = '\u0000'

function countPairs(words: readonly Segmented[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { pieces, count } of words) {
    for (let i = 0; i + 1 < pieces.length; i++) {
      const pair = pieces[i] + separator + pieces[i + 1]
      counts.set(pair, (counts.get(pair) ?? 0) + count)
    }
  }
  return counts
}

function mostFrequent(counts: ReadonlyMap<string, number>): [string, string] | undefined {
  let best: string | undefined
  for (const [pair, count] of counts) {
    const highest = best === undefined ? 0 : (counts.get(best) ?? 0)
    if (count > highest || (count === highest && best !== undefined && pair < best)) best = pair
  }
  if (best === undefined) return undefined
  const [left, right] = best.split(separator)
  return [left, right]
}

function mergePair(pieces: readonly string[], left: string, right: string): string[] {
  const merged: string[] = []
  for (let i = 0; i < pieces.length; i++) {
    if (pieces[i] === left && pieces[i + 1] === right) {
      merged.push(left + right)
      i++
    } else merged.push(pieces[i])
  }
  return merged
}

/**
 * Learns at most `count` merges.
 * @param words spelled in the tokenizer's alphabet, with their counts
 */
export function learnMerges(words: ReadonlyMap<string, number>, count: number): [string, string][] {
  const segmented: Segmented[] = [...words].map(([word, times]) => ({ pieces: [...word], count: times }))
  const merges: [string, string][] = []
  while (merges.length < count) {
    const pair = mostFrequent(countPairs(segmented))
    if (pair === undefined) break
    merges.push(pair)
    for (const word of segmented) {
      if (word.pieces.length > 1) word.pieces = mergePair(word.pieces, pair[0], pair[1])
    }
  }
  return merges
}
