/** The target's whole embedding table: what found vectors are compared with and scaled to. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
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
  const products = await singleProducts(device).timesTransposed(vectors, table)
  const scales = lengths.map((length) => 1 / length)
  return [...rowLengths(vectors)].map((vectorLength, i) => {
    const best: NearestWord[] = []
    if (vectorLength === 0) return best
    const own = products.data.subarray(i * table.rows, (i + 1) * table.rows)
    let lowest = Number.NEGATIVE_INFINITY
    for (let id = 0; id < own.length; id++) {
      // The cosine times the vector's length. Of a row of length 0 it is NaN, which is no higher than anything.
      const scaled = own[id] * scales[id]
      if (!(scaled > lowest)) continue
      const token = tokens[id]
      if (token === undefined) continue
      insertInOrder(best, { token, id, cosine: scaled / vectorLength })
      if (best.length > count) best.pop()
      if (best.length === count) lowest = best[count - 1].cosine * vectorLength
    }
    return best
  })
}

function insertInOrder(best: NearestWord[], word: NearestWord): void {
  let at = best.length
  while (at > 0 && best[at - 1].cosine < word.cosine) at--
  best.splice(at, 0, word)
}
