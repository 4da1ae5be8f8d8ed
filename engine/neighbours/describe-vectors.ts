/** What any vectors are near to among the words of a model, and how long they are beside them. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type Matrix, requireFinite } from '#engine/common/contract/matrix.ts'
import type { DescribeRequest, VectorPlace } from '#engine/common/contract/neighbours.ts'
import { type OpenModel, openModel } from '#engine/models/open-model.ts'
import { openTable } from './open-table.ts'
import { placeVectors } from './word-table.ts'

/** @throws `mismatch` for vectors of another width than the table's, `bad-value` for NaN and infinities */
export function requireVectorsOf({ report }: OpenModel, vectors: Matrix): void {
  if (vectors.columns !== report.width)
    throw new AnchorageError('mismatch', 'The vectors are not as wide as the embeddings of the model.', {
      where: report.name,
      found: `vectors of ${vectors.columns} values`,
      expected: `${report.width}, the width of its word embeddings`,
      next: 'Choose the model that the vectors belong to.'
    })
  requireFinite(vectors, 'the vectors')
}

/**
 * One place per vector of `vectors [m, e]`. The product with the table is done once and is small: on the CPU.
 * @throws AnchorageError for a model that can't be opened and for vectors that are not its
 */
export async function describeVectors(
  { model: reference, vectors, count }: DescribeRequest,
  signal?: AbortSignal
): Promise<VectorPlace[]> {
  const model = await openModel(reference, signal)
  requireVectorsOf(model, vectors)
  return await placeVectors(await openTable(model, signal), vectors, count, 'cpu')
}
