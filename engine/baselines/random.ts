/** Random vectors from a normal fitted to the target's table (Wu, Wu and Mou 2024, Table 2): they need no source. */
import type { ModelReport } from '#engine/common/contract/models.ts'
import { toDense } from '#engine/linear-algebra/dense.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'
import { stackPrompts } from '#engine/transfer/stacked-prompts.ts'
import type { TransferredVectors } from './transferred-vectors.ts'

/** So many vectors for each prompt, drawn anew for each: the same for every prompt of one length, `[Σm, e]`. */
export function drawVectors(
  lengths: readonly number[],
  seed: number,
  target: Pick<ModelReport, 'width' | 'mean' | 'standardDeviation'>
): TransferredVectors {
  return { vectors: toDense(stackPrompts(lengths.map((m) => randomVectors(m, seed, target)))), notes: [] }
}
