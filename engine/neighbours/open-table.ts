/** The embedding table of an open model with the tokens of its rows, as vectors are compared with it. */
import type { OpenModel } from '#engine/models/open-model.ts'
import { prepareTable, type TargetTable } from './word-table.ts'

const prepared = new WeakMap<OpenModel, TargetTable>()

/**
 * The table of a model, prepared once; reserved places without training have no token.
 * @throws as the model's `readTable`
 */
export async function openTable(model: OpenModel, signal?: AbortSignal): Promise<TargetTable> {
  const known = prepared.get(model)
  if (known !== undefined) return known
  const { usedRows, vocabulary, report } = model
  const table = await model.readTable(signal)
  const tokens = Array.from({ length: table.rows }, (_, id) => {
    const token = vocabulary.byId.get(id)
    return token === undefined || token.kind === 'unused' ? undefined : token.stored
  })
  const opened = prepareTable(table, tokens, usedRows, report)
  prepared.set(model, opened)
  return opened
}
