/**
 * Inverse relative projection (Maiorca et al. 2024, "Latent Space Translation via Inverse Relative Projection";
 * relative codes by Moschella et al. 2023): the source's relative code, led back by the pseudo-inverse of the target's
 * unit anchors. Each vector has the direction of the exact search without mask and ridge; its length is its own.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { ridgeNotes } from '#engine/linear-algebra/gram.ts'
import { anchorSums } from '#engine/linear-algebra/unit-anchors.ts'
import { encode, type SourceSpace } from '#engine/transfer/relative-code.ts'
import type { TargetSpace } from '#engine/transfer/target-space.ts'
import type { TransferredVectors } from './transferred-vectors.ts'

/** `Â_t⁺ r = (Â_tᵀÂ_t)⁻¹ Â_tᵀ r` for the code `r` (Eq. 3) of every row of `vectors [n, d]`. */
export async function inverseRelative(
  source: SourceSpace,
  target: TargetSpace,
  vectors: Matrix
): Promise<TransferredVectors> {
  const right = await anchorSums(target.unit, await encode(vectors, source))
  const { factor, ridge } = await (await target.exactGram()).factor(0)
  return { vectors: await factor.solve(right), notes: ridgeNotes(0, ridge) }
}
