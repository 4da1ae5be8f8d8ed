/** Notes of a person: on a run, or on the project as a whole. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { ReadConnection, WriteConnection } from '../file/connection.ts'
import { checkRecord, insertRow, readRow } from './row.ts'

const noteText = z.string().min(1)

const noteRow = z
  .object({
    id: z.string(),
    run_id: z.string().nullable(),
    text: noteText,
    created_at: z.int(),
    changed_at: z.int()
  })
  .transform((row) => ({
    id: row.id,
    /** Null: the note is on the project. */
    runId: row.run_id,
    text: row.text,
    createdAt: row.created_at,
    changedAt: row.changed_at
  }))
export type Note = z.output<typeof noteRow>

export type NoteReader = {
  /** The notes on a run, or with null on the project, oldest first. */
  list(runId: string | null): Promise<Note[]>
}

export type NoteWriter = NoteReader & {
  /** Adds a note; its id. */
  add(runId: string | null, text: string): Promise<string>
  change(id: string, text: string): Promise<void>
  remove(id: string): Promise<void>
}

export function readNotes(connection: ReadConnection): NoteReader {
  return {
    async list(runId) {
      const rows = await connection.all(
        'SELECT id, run_id, text, created_at, changed_at FROM notes WHERE run_id IS ? ORDER BY created_at, id',
        [runId]
      )
      return rows.map((row) => readRow(noteRow, row, 'a note'))
    }
  }
}

export function writeNotes(connection: WriteConnection): NoteWriter {
  return {
    ...readNotes(connection),
    async add(runId, text) {
      const [id, now] = [randomUUID(), Date.now()]
      const checked = checkRecord(noteText, text, 'note')
      const row = { id, run_id: runId, text: checked, created_at: now, changed_at: now }
      await insertRow(connection, 'notes', row)
      return id
    },
    async change(id, text) {
      const checked = checkRecord(noteText, text, 'note')
      await connection.run('UPDATE notes SET text = ?, changed_at = ? WHERE id = ?', [
        checked,
        Date.now(),
        id
      ])
    },
    async remove(id) {
      await connection.run('DELETE FROM notes WHERE id = ?', [id])
    }
  }
}
