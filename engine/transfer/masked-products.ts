/**
 * Products with the anchors under the masks of a transfer: by the Gram matrix of each mask where these are few, else by
 * passes over the anchors.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { byKey, type MaskedProducts } from '#engine/linear-algebra/conjugate-gradients.ts'
import { type Dense, denseRow, dot, toDense, toMatrix, zeros } from '#engine/linear-algebra/dense.ts'
import type { ExactGram, Gram } from '#engine/linear-algebra/gram.ts'
import { masksTogether } from '#engine/linear-algebra/gram-products.ts'
import { doubleProducts, singleProducts } from '#engine/linear-algebra/products.ts'
import { type AnchorMask, maskedSquares, normalProducts } from '#engine/linear-algebra/unit-anchors.ts'
import type { Masks } from './mask.ts'
import { distinctMasks, keptAnchors, type TargetSpace, worthGrams } from './target-space.ts'

/** Whether masks are so few that their Gram matrices come with that of all anchors. */
export function hasGrams(target: TargetSpace, masks: Masks): boolean {
  return !masks.common && distinctMasks(masks).length <= masksTogether && worthGrams(target, masks)
}

/** `G_i` of each mask, `[e, e]`; none where passes over the anchors are for them. */
async function gramsOf(target: TargetSpace, masks: Masks): Promise<Map<AnchorMask, Matrix>> {
  if (!hasGrams(target, masks)) return new Map()
  const { each } = await target.maskedGrams(masks)
  return new Map(distinctMasks(masks).map((mask, i) => [mask, each[i]]))
}

/** `G v` in float32 of vectors `[n, e]`: the matrix is symmetric, and read along its rows. */
async function imageUnder(gram: Matrix, vectors: Dense): Promise<Dense> {
  return toDense(await singleProducts('cpu').timesTransposed(toMatrix(vectors), gram))
}

/** `Âᵀ M_i Â v_i`: in float64 by the anchors, in float32 by what is less to read. */
export async function productsUnder(target: TargetSpace, masks: Masks): Promise<MaskedProducts> {
  const anchors = keptAnchors(target, masks)
  const grams = await gramsOf(target, masks)
  return async (vectors, own, precision) => {
    if (precision === 'float64' || grams.size === 0)
      return await normalProducts(anchors, vectors, own, precision)
    return await byKey(vectors, own, async (mask, rows) => {
      const gram = grams.get(mask)
      const same = new Array<AnchorMask>(rows.rows).fill(mask)
      return await (gram === undefined
        ? normalProducts(anchors, rows, same, precision)
        : imageUnder(gram, rows))
    })
  }
}

/** The Gram matrix whose factor solves, as it is the very matrix that all right-hand sides are under. */
export function solvingGram(gram: Gram, masks: Masks): ExactGram | null {
  return masks.common && gram.exact ? gram : null
}

/**
 * `|M_i Â v_d|²` for every mask and every vector of `vectors [n, e]`: `[m, n]`, in float32 at least; one row for a common
 * mask.
 * @param gram what the search under these masks was done with
 */
export async function squaresUnder(
  target: TargetSpace,
  masks: Masks,
  vectors: Dense,
  gram: Gram
): Promise<Dense> {
  const solving = solvingGram(gram, masks)
  if (solving !== null) {
    const images = await doubleProducts.timesTransposed(vectors, solving.matrix)
    const data = Float64Array.from({ length: vectors.rows }, (_, d) =>
      dot(denseRow(vectors, d), denseRow(images, d))
    )
    return { rows: 1, columns: vectors.rows, data }
  }
  if (!hasGrams(target, masks))
    return await maskedSquares(keptAnchors(target, masks), vectors, masks.common ? [null] : masks.rows)
  const squares = zeros(masks.rows.length, vectors.rows)
  for (const [mask, gram] of await gramsOf(target, masks)) {
    const images = await imageUnder(gram, vectors)
    for (const [i, own] of masks.rows.entries())
      if (own === mask)
        for (let d = 0; d < vectors.rows; d++)
          squares.data[i * vectors.rows + d] = dot(denseRow(vectors, d), denseRow(images, d))
  }
  return squares
}
