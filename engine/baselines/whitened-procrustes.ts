/**
 * Orthogonal Procrustes between whitened anchors, and the target's whitening undone (Artetxe, Labaka and Agirre 2018,
 * "Generalizing and Improving Bilingual Word Embedding Mappings with a Multi-Step Framework of Linear
 * Transformations"): directions in which tables are wide count no more than others. Whitening is by the Cholesky factor
 * of the anchors' second moments; any other differs from it by a rotation, which the orthogonal map takes up.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { solveLower } from '#engine/linear-algebra/cholesky.ts'
import { addScaled, toDense, transpose } from '#engine/linear-algebra/dense.ts'
import { exactGram, ridgeNotes } from '#engine/linear-algebra/gram.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import type { WorkOptions } from '#engine/transfer/transfer-input.ts'
import { polarFactor, rankNotes } from './polar-factor.ts'
import { type AnchorPairs, asTheyAre, byDimension, type TransferredVectors } from './transferred-vectors.ts'

/**
 * With `A_sᵀA_s = L_s L_sᵀ`, likewise for the target, and `Ω` the orthogonal factor of `L_s⁻¹ A_sᵀA_t L_t⁻ᵀ`:
 * `x L_s⁻ᵀ Ω L_tᵀ` for every row `x` of `vectors [n, d]`.
 */
export async function whitenedProcrustes(
  anchors: AnchorPairs,
  vectors: Matrix,
  options: WorkOptions = {}
): Promise<TransferredVectors> {
  const left = await (await exactGram(asTheyAre(anchors.source))).factor(0)
  const gram = await exactGram(asTheyAre(anchors.target))
  const right = await gram.factor(0)
  const moments = await doubleProducts.timesTransposed(
    byDimension(anchors.target),
    byDimension(anchors.source)
  )
  const halfWhite = await solveLower(left.factor, moments)
  const cross = await solveLower(right.factor, transpose(halfWhite))
  const rotation = await polarFactor(transpose(cross), options)
  const white = await solveLower(left.factor, toDense(vectors))
  const rotated = await doubleProducts.timesTransposed(white, rotation.factor)
  // `Lᵀ = L⁻¹(G + s·I)`: the factor itself isn't kept.
  const { matrix, trace } = gram
  const vectorsBack = await doubleProducts.times(rotated, right.factor.inverse)
  const transferred = await doubleProducts.times(vectorsBack, matrix)
  addScaled(transferred.data, (right.ridge * trace) / matrix.rows, vectorsBack.data)
  const notes = ridgeNotes(0, Math.max(left.ridge, right.ridge))
  return { vectors: transferred, notes: [...notes, ...rankNotes(rotation)] }
}
