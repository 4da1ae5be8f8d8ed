/**
 * The target's anchors at length 1 in float64, and the two products with them that every search is made of.
 * They are held in both orders: onnxruntime streams a matrix that comes first and is read along its rows,
 * and copies any other, which takes three times as long.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { type Dense, denseRow, transpose, zeros } from './dense.ts'
import { doubleProducts } from './products.ts'

export type UnitAnchors = {
  /** `Â`, `[k, e]`. */
  byAnchor: Dense
  /** `Âᵀ`, `[e, k]`: some of its rows make a strip of the Gram matrix without a copy. */
  byDimension: Dense
}

/** Anchors handled together: so many columns of the result stay in the processor's cache. */
const blockSize = 32

/** Divides the anchors `[k, e]` by their lengths `[k]`. */
export function unitAnchors({ rows, columns, data }: Matrix, lengths: Float64Array): UnitAnchors {
  const byAnchor = zeros(rows, columns)
  const byDimension = zeros(columns, rows)
  for (let start = 0; start < rows; start += blockSize) {
    const end = Math.min(rows, start + blockSize)
    for (let i = start; i < end; i++) {
      const scale = 1 / lengths[i]
      for (let j = i * columns; j < (i + 1) * columns; j++) byAnchor.data[j] = data[j] * scale
    }
    for (let j = 0; j < columns; j++)
      for (let i = start; i < end; i++) byDimension.data[j * rows + i] = byAnchor.data[i * columns + j]
  }
  return { byAnchor, byDimension }
}

/** `M Â v` for every vector of `vectors [n, e]`: `[n, k]`, zero where the vector's mask is. */
export async function maskedProducts(
  { byAnchor }: UnitAnchors,
  vectors: Dense,
  masks: readonly Uint8Array[]
): Promise<Dense> {
  const products = transpose(await doubleProducts.timesTransposed(byAnchor, vectors))
  for (const [row, mask] of masks.entries()) {
    const product = denseRow(products, row)
    for (let j = 0; j < product.length; j++) if (mask[j] === 0) product[j] = 0
  }
  return products
}

/** `Âᵀ c` for every code of `codes [n, k]`: `[n, e]`. */
export async function anchorSums({ byDimension }: UnitAnchors, codes: Dense): Promise<Dense> {
  return transpose(await doubleProducts.timesTransposed(byDimension, codes))
}
