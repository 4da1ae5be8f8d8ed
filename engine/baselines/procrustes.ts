/**
 * Orthogonal Procrustes (Schönemann 1966; for embeddings Artetxe, Labaka and Agirre 2016): the orthogonal `Ω [d, e]`
 * with the smallest `|A_s Ω − A_t|²` over the anchors, the orthogonal factor of `A_sᵀ A_t`. Between widths it is the
 * part that counts of the square map between tables padded with zeros (Maiorca et al. 2023, "Latent Space Translation
 * via Semantic Alignment").
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import type { WorkOptions } from '#engine/transfer/transfer-input.ts'
import { centreSides } from './centring.ts'
import { polarFactor, rankNotes } from './polar-factor.ts'
import type { AnchorPairs, TransferredVectors } from './transferred-vectors.ts'

/**
 * `x Ω` for every row `x` of `vectors [n, d]`.
 * @param centre whether the means of the anchors are taken out first, and the target's given back
 */
export async function procrustes(
  anchors: AnchorPairs,
  vectors: Matrix,
  centre: boolean,
  options: WorkOptions = {}
): Promise<TransferredVectors> {
  const sides = centreSides(anchors, vectors, centre)
  const cross = await doubleProducts.timesTransposed(sides.target, sides.source)
  const rotation = await polarFactor(cross, options)
  const transferred = await doubleProducts.timesTransposed(sides.vectors, rotation.factor)
  sides.restore(transferred)
  return { vectors: transferred, notes: rankNotes(rotation) }
}
