/**
 * The linear map `W [d, e]` with the smallest `|A_s W − A_t|²` over the anchors (Mikolov, Le and Sutskever 2013,
 * "Exploiting Similarities among Languages for Machine Translation"), on its own or held back by ridge (Hoerl and
 * Kennard 1970). Whitening either table first would change nothing: the map follows any invertible one on either side.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { toDense } from '#engine/linear-algebra/dense.ts'
import { exactGram, ridgeNotes } from '#engine/linear-algebra/gram.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import { type AnchorPairs, asTheyAre, byDimension, type TransferredVectors } from './transferred-vectors.ts'

/**
 * `x (A_sᵀA_s + λ·tr(A_sᵀA_s)/d·I)⁻¹ A_sᵀA_t` for every row `x` of `vectors [n, d]`.
 * @param lambda λ; where 0 has no one answer, the smallest that has one is put in force and noted
 */
export async function leastSquares(
  anchors: AnchorPairs,
  vectors: Matrix,
  lambda: number
): Promise<TransferredVectors> {
  const { factor, ridge } = await (await exactGram(asTheyAre(anchors.source))).factor(lambda)
  const solved = await factor.solve(toDense(vectors))
  const cross = await doubleProducts.timesTransposed(byDimension(anchors.target), byDimension(anchors.source))
  return {
    vectors: await doubleProducts.timesTransposed(solved, cross),
    notes: ridgeNotes(lambda, ridge)
  }
}
