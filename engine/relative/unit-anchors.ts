/**
 * The two products with the target's unit anchors that the searches are made of, in float64. `unit` is
 * `Âᵀ [e, k]`; vectors and codes are few rows each.
 */
import { type Dense, denseRow, transpose } from './dense.ts'
import { doubleProducts } from './products.ts'

/** `M Â v` for every vector of `vectors [n, e]`: `[n, k]`, zero where the vector's mask is. */
export async function maskedProducts(
  unit: Dense,
  vectors: Dense,
  masks: readonly Uint8Array[]
): Promise<Dense> {
  const products = await doubleProducts.times(vectors, unit)
  for (const [row, mask] of masks.entries()) {
    const product = denseRow(products, row)
    for (let j = 0; j < product.length; j++) if (mask[j] === 0) product[j] = 0
  }
  return products
}

/** `Âᵀ c` for every code of `codes [n, k]`: `[n, e]`. The tall factor goes first: that is twice as fast. */
export async function anchorSums(unit: Dense, codes: Dense): Promise<Dense> {
  return transpose(await doubleProducts.timesTransposed(unit, codes))
}
