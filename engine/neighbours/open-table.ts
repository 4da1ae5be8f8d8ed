/** The embedding table of an open model with the tokens of its rows, as vectors are compared with it. */
import type { OpenModel } from '#engine/models/open-model.ts'
import { prepareTable, type TargetTable } from './word-table.ts'

/** Without the table itself, which is held no longer than transfers need it. */
const prepared = new WeakMap<OpenModel, Omit<TargetTable, 'table'>>()

/**
 * The table of a model, prepared once; reserved places without training have no token.
 * @throws as the model's `readTable`
 */
export async function openTable(model: OpenModel, signal?: AbortSignal): Promise<TargetTable> {
  const table = await model.readTable(signal)
  const known = prepared.get(model)
  if (known !== undefined) return { ...known, table }
  const { usedRows, vocabulary, report } = model
  const tokens = Array.from({ length: table.rows }, (_, id) => {
    const token = vocabulary.byId.get(id)
    return token === undefined || token.kind === 'unused' ? undefined : token.stored
  })
  const { table: _, ...rest } = prepareTable(table, tokens, usedRows, report)
  prepared.set(model, rest)
  return { ...rest, table }
}
