/**
 * Orthogonal Procrustes (Schönemann 1966; for embeddings Artetxe, Labaka and Agirre 2016): the orthogonal `Ω [d, e]`
 * with the smallest `|A_s Ω − A_t|²` over the anchors, the orthogonal factor of `A_sᵀ A_t`. Between widths it is the
 * part that counts of the square map between tables padded with zeros (Maiorca et al. 2023, "Latent Space Translation
 * via Semantic Alignment").
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { toDense } from '#engine/linear-algebra/dense.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import type { WorkOptions } from '#engine/transfer/transfer-input.ts'
import { polarFactor, rankNotes } from './polar-factor.ts'
import { type AnchorPairs, byDimension, type TransferredVectors } from './transferred-vectors.ts'

/** `x Ω` for every row `x` of `vectors [n, d]`. */
export async function procrustes(
  anchors: AnchorPairs,
  vectors: Matrix,
  options: WorkOptions = {}
): Promise<TransferredVectors> {
  const cross = await doubleProducts.timesTransposed(byDimension(anchors.target), byDimension(anchors.source))
  const rotation = await polarFactor(cross, options)
  const transferred = await doubleProducts.timesTransposed(toDense(vectors), rotation.factor)
  return { vectors: transferred, notes: rankNotes(rotation) }
}
