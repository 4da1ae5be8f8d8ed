/**
 * The matching of random rows of the target's table: what a matching is to be held against. In a table with a strong
 * common direction any row matches well.
 */
import { row } from '#engine/common/contract/matrix.ts'
import { seededIndices } from '#engine/common/random/seeded-random.ts'
import { addScaled, type Dense, denseRow, dot, zeros } from '#engine/linear-algebra/dense.ts'
import { maskedProducts } from '#engine/linear-algebra/unit-anchors.ts'
import type { EncodedSources } from './encode-sources.ts'
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

/** `cos_j` of Eq. 5 for every prompt vector and source, `[m, S]`: the mean over random rows of the target's table. */
export async function randomMatching(
  target: TransferTarget,
  { sources, masks }: EncodedSources
): Promise<Float64Array<ArrayBuffer>> {
  const everything = new Uint8Array(target.space.anchors.rows).fill(1)
  const rows = drawRows(target)
  const products = await maskedProducts(
    target.space.unit,
    rows,
    new Array<Uint8Array>(rowsDrawn).fill(everything)
  )
  const count = sources.length
  const matching = new Float64Array(masks.rows.length * count)
  for (const [i, mask] of masks.rows.entries())
    for (let drawn = 0; drawn < rowsDrawn; drawn++) {
      const product = denseRow(products, drawn)
      let squares = 0
      for (let k = 0; k < product.length; k++) if (mask[k] === 1) squares += product[k] ** 2
      if (squares === 0) continue
      // Unit codes are zero where the mask is.
      for (const [j, { unit }] of sources.entries())
        matching[i * count + j] += dot(denseRow(unit, i), product) / (Math.sqrt(squares) * rowsDrawn)
    }
  return matching
}
