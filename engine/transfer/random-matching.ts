/**
 * The matching of random rows of the target's table: what a matching is to be held against. In a table with a strong
 * common direction any row matches well.
 */
import { row } from '#engine/common/contract/matrix.ts'
import { seededIndices } from '#engine/common/random/seeded-random.ts'
import { addScaled, type Dense, denseRow, zeros } from '#engine/linear-algebra/dense.ts'
import type { Gram } from '#engine/linear-algebra/gram.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import type { EncodedSources } from './encode-sources.ts'
import { squaresUnder } from './masked-products.ts'
import type { TransferTarget } from './transfer-input.ts'

const rowsDrawn = 100
const seed = 0

/** Seeded rows of the target's table that have a direction, as the anchors are: less their mean where they are centred. */
function drawRows({ space, table: { table, lengths } }: TransferTarget): Dense {
  const index = seededIndices(seed)
  const used = [...lengths.keys()].filter((id) => lengths[id] > 0)
  const drawn = zeros(rowsDrawn, table.columns)
  for (let i = 0; i < rowsDrawn; i++) {
    const vector = denseRow(drawn, i)
    vector.set(row(table, used[index(used.length)]))
    if (space.centre !== null) addScaled(vector, -1, space.centre.mean)
  }
  return drawn
}

/**
 * `cos_j` of Eq. 5 for every prompt vector and source, `[m, S]`: the mean over random rows of the target's table.
 * @param gram what the search under these masks was done with
 */
export async function randomMatching(
  target: TransferTarget,
  { sources, masks }: EncodedSources,
  gram: Gram
): Promise<Float64Array<ArrayBuffer>> {
  const drawn = drawRows(target)
  const squares = await squaresUnder(target.space, masks, drawn, gram)
  const count = sources.length
  const matching = new Float64Array(masks.rows.length * count)
  for (const [j, { right }] of sources.entries()) {
    const products = await doubleProducts.timesTransposed(right, drawn)
    for (let i = 0; i < right.rows; i++)
      for (let d = 0; d < rowsDrawn; d++) {
        const square = squares.data[(masks.common ? 0 : i) * rowsDrawn + d]
        if (square > 0)
          matching[i * count + j] += products.data[i * rowsDrawn + d] / (Math.sqrt(square) * rowsDrawn)
      }
  }
  return matching
}
