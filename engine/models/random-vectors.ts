/** Vectors that are as a model's words are in size alone: the random prompts of evaluation, tuning and Table 2. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { ModelReport } from '#engine/common/contract/models.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'

/** Vectors from a normal fitted to the model's embedding table: `[m, e]`. */
export function randomVectors(
  m: number,
  seed: number,
  { width, mean, standardDeviation }: Pick<ModelReport, 'width' | 'mean' | 'standardDeviation'>
): Matrix {
  return { rows: m, columns: width, data: seededNormal(seed, m * width, mean, standardDeviation) }
}
