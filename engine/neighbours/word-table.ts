/** The target's whole embedding table: what found vectors are compared with and scaled to. */
import { type Matrix, row, rowRange } from '#engine/common/contract/matrix.ts'
import type { NearestWord, VectorPlace } from '#engine/common/contract/neighbours.ts'
import type { Statistics } from '#engine/common/mixing/rescale.ts'
import type { Provider } from '#engine/devices/session.ts'
import { rowLengths } from '#engine/linear-algebra/dense.ts'
import { singleProducts } from '#engine/linear-algebra/products.ts'

export type TargetTable = {
  /** `[rows, e]`. */
  table: Matrix
  /** The token of each row, where it has one. */
  tokens: readonly (string | undefined)[]
  /** Over the used rows (Eq. 6). */
  statistics: Statistics
  /** The length of every row, `[rows]`. */
  lengths: Float64Array
  /** The lengths of the used rows, ascending. */
  sortedLengths: Float64Array
}

/** What words are looked up in. */
export type WordTable = Pick<TargetTable, 'table' | 'tokens' | 'lengths'>

/** @param usedRows the rows that count for statistics */
export function prepareTable(
  table: Matrix,
  tokens: readonly (string | undefined)[],
  usedRows: ArrayLike<number>,
  statistics: Statistics
): TargetTable {
  const lengths = rowLengths(table)
  const sortedLengths = Float64Array.from(usedRows, (index) => lengths[index]).sort()
  return { table, tokens, statistics, lengths, sortedLengths }
}

/** Words that the reports of transfers name per vector. */
export const reportedWords = 10

/** Length, percentile of the length, and the `count` nearest words of every vector of `vectors [m, e]`. */
export async function placeVectors(
  table: TargetTable,
  vectors: Matrix,
  count: number,
  device: Provider
): Promise<VectorPlace[]> {
  const words = await nearestWords(table, vectors, count, device)
  return [...rowLengths(vectors)].map((norm, i) => ({
    norm,
    normPercentile: lengthPercentile(table, norm),
    nearestWords: words[i]
  }))
}

/** The share of used rows that are not longer than `length`, 0 to 1. */
function lengthPercentile({ sortedLengths }: TargetTable, length: number): number {
  let [low, high] = [0, sortedLengths.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sortedLengths[middle] <= length) low = middle + 1
    else high = middle
  }
  return low / sortedLengths.length
}

/** Words compared at once: their cosines with a suite of vectors stay in the processor's cache until they are read. */
const wordsAtOnce = 4096

/**
 * The `count` tokens with the highest cosine to every vector of `vectors [m, e]`, best first; none for a vector
 * of length 0, which has no direction.
 */
export async function nearestWords(
  { table, tokens, lengths }: WordTable,
  vectors: Matrix,
  count: number,
  device: Provider
): Promise<NearestWord[][]> {
  const nearest = [...rowLengths(vectors)].map((length) => ({ length, best: [] as NearestWord[] }))
  for (let start = 0; start < table.rows; start += wordsAtOnce) {
    const words = rowRange(table, start, start + wordsAtOnce)
    const products = await singleProducts(device).timesTransposed(vectors, words)
    const scales = lengths.subarray(start, start + wordsAtOnce).map((length) => 1 / length)
    for (const [i, { length, best }] of nearest.entries())
      if (length > 0) keepNearest(best, count, { products: row(products, i), scales, length, tokens, start })
  }
  return nearest.map(({ best }) => best)
}

/** Products of a vector with the words from `start` on, one over the length of each, and the vector's length. */
type Compared = Pick<WordTable, 'tokens'> & {
  products: Float32Array
  scales: Float64Array
  length: number
  start: number
}

/** Puts the words among the `count` best so far that are nearer than the last of these. */
function keepNearest(
  best: NearestWord[],
  count: number,
  { products, scales, length, tokens, start }: Compared
): void {
  const limit = (): number =>
    best.length < count ? Number.NEGATIVE_INFINITY : best[count - 1].cosine * length
  let lowest = limit()
  for (let at = 0; at < products.length; at++) {
    // The cosine times the vector's length. Of a row of length 0 it is NaN, which is no higher than anything.
    const scaled = products[at] * scales[at]
    if (!(scaled > lowest)) continue
    const token = tokens[start + at]
    if (token === undefined) continue
    insertInOrder(best, { token, id: start + at, cosine: scaled / length })
    if (best.length > count) best.pop()
    lowest = limit()
  }
}

function insertInOrder(best: NearestWord[], word: NearestWord): void {
  let at = best.length
  while (at > 0 && best[at - 1].cosine < word.cosine) at--
  best.splice(at, 0, word)
}
