/**
 * Orthogonal Procrustes between whitened anchors, and the target's whitening undone (Artetxe, Labaka and Agirre 2018,
 * "Generalizing and Improving Bilingual Word Embedding Mappings with a Multi-Step Framework of Linear
 * Transformations"): directions in which tables are wide count no more than others. Whitening is by the Cholesky factor
 * of the anchors' second moments; any other differs from it by a rotation, which the orthogonal map takes up.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { type Factor, solveLowerInPlace } from '#engine/linear-algebra/cholesky.ts'
import { type Dense, toDense, transpose, zeros } from '#engine/linear-algebra/dense.ts'
import { exactGram, ridgeNotes } from '#engine/linear-algebra/gram.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import type { WorkOptions } from '#engine/transfer/transfer-input.ts'
import { polarFactor, rankNotes } from './polar-factor.ts'
import { type AnchorPairs, byDimension, type TransferredVectors } from './transferred-vectors.ts'

/**
 * With `A_sᵀA_s = L_s L_sᵀ`, likewise for the target, and `Ω` the orthogonal factor of `L_s⁻¹ A_sᵀA_t L_t⁻ᵀ`:
 * `x L_s⁻ᵀ Ω L_tᵀ` for every row `x` of `vectors [n, d]`.
 */
export async function whitenedProcrustes(
  anchors: AnchorPairs,
  vectors: Matrix,
  options: WorkOptions = {}
): Promise<TransferredVectors> {
  const source = byDimension(anchors.source)
  const target = byDimension(anchors.target)
  const white = toDense(vectors)
  const left = await (await exactGram(source)).factor(0)
  const right = await (await exactGram(target)).factor(0)
  const halfWhite = await doubleProducts.timesTransposed(target, source)
  solveLowerInPlace(left.factor, halfWhite)
  const cross = transpose(halfWhite)
  solveLowerInPlace(right.factor, cross)
  const rotation = await polarFactor(transpose(cross), options)
  solveLowerInPlace(left.factor, white)
  const rotated = await doubleProducts.timesTransposed(white, rotation.factor)
  const transferred = await doubleProducts.timesTransposed(rotated, lowerTriangle(right.factor))
  const notes = ridgeNotes(0, Math.max(left.ridge, right.ridge))
  return { vectors: transferred, notes: [...notes, ...rankNotes(rotation)] }
}

/** `L` alone, `[size, size]`. */
function lowerTriangle({ size, triangles }: Factor): Dense {
  const lower = zeros(size, size)
  for (let i = 0; i < size; i++) lower.data.set(triangles.subarray(i * size, i * size + i + 1), i * size)
  return lower
}
