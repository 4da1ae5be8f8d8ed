/** Models opened with their tables read: what most tests compare with. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import { type OpenModel, openModel } from '#engine/models/open-model.ts'

export type ModelWithTable = OpenModel & { readonly table: Matrix }

export async function openWithTable(
  reference: ModelReference,
  signal?: AbortSignal
): Promise<ModelWithTable> {
  const model = await openModel(reference, signal)
  return { ...model, table: await model.readTable(signal) }
}
