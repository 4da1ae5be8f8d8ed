/** Rows taken out of a project, kept as they were so that an undo can put them back. */
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { WriteConnection } from '../file/connection.ts'
import { isConstraint } from '../file/sqlite-errors.ts'
import { insertRow, readRow, updateRow } from './row.ts'

const rowSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null(), z.instanceof(Buffer)]))

type Row = z.output<typeof rowSchema>

export type TakenRows = readonly {
  readonly table: string
  readonly row: Row
  /** The id of a row that stayed, and let go of these values. */
  readonly stayed?: string
}[]

/** Takes the rows of a table with this value in a column; the names of both are ours, never a person's. */
export async function takeRows(
  connection: WriteConnection,
  table: string,
  column: string,
  value: string
): Promise<TakenRows> {
  const rows = await connection.all(`SELECT * FROM ${table} WHERE ${column} = ?`, [value])
  await connection.run(`DELETE FROM ${table} WHERE ${column} = ?`, [value])
  return rows.map((row) => ({ table, row: readRow(rowSchema, row, `a row of ${table}`) }))
}

/**
 * Puts rows back in the order given: what others refer to comes first.
 * @throws `bad-argument` where the project has come to hold the same, or another of the same name
 */
export async function putRowsBack(connection: WriteConnection, taken: TakenRows): Promise<void> {
  try {
    for (const { table, row, stayed } of taken) {
      if (stayed === undefined) await insertRow(connection, table, row)
      else await updateRow(connection, table, stayed, row)
    }
  } catch (error) {
    if (!isConstraint(error)) throw error
    throw new AnchorageError(
      'bad-argument',
      'What was removed can’t be put back.',
      {
        found: 'the same again in the project, or another of its name',
        next: 'Keep what is there now, or remove it first.'
      },
      error
    )
  }
}
