/**
 * Direct copy: the source's vectors as they are, in a model of the same width (Wu, Wu and Mou 2024, Section 3.3,
 * "direct transfer", Table 1).
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { ModelReport } from '#engine/common/contract/models.ts'
import { toDense } from '#engine/linear-algebra/dense.ts'
import type { TransferredVectors } from './transferred-vectors.ts'

/**
 * The vectors `[n, d]` themselves.
 * @param source the name of their model
 * @throws AnchorageError `mismatch` where the target is not `d` wide
 */
export function directCopy(
  vectors: Matrix,
  source: string,
  { name, width }: Pick<ModelReport, 'name' | 'width'>
): TransferredVectors {
  if (vectors.columns !== width)
    throw new AnchorageError('mismatch', 'Vectors can be copied between models of one width alone.', {
      where: name,
      found: `vectors of ${source}, ${vectors.columns} wide`,
      expected: `${width}, the width of its word embeddings`,
      next: 'Choose a method that works across widths, such as least-squares, or the transfer itself.'
    })
  return { vectors: toDense(vectors), notes: [] }
}
