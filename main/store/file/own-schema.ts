/**
 * What a project file may consist of. Ours have tables and their indexes; a view or trigger is a program, which a stranger's
 * file could have run without end at the first look at a table, and a virtual table asks for code that is not SQLite's.
 */
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ReadConnection } from './connection.ts'

/** @throws `project-malformed` where the file holds anything else */
export async function requireOwnSchema(path: string, connection: ReadConnection): Promise<void> {
  const row = await connection.get(
    "SELECT type, name FROM sqlite_master WHERE type NOT IN ('table', 'index') OR sql LIKE 'CREATE VIRTUAL%' LIMIT 1"
  )
  if (row === undefined) return
  const { type, name } = z.object({ type: z.string(), name: z.string() }).parse(row)
  throw new AnchorageError('project-malformed', 'The project file holds what Anchorage never writes.', {
    where: path,
    found: `the ${type} ${name}`,
    expected: 'tables and their indexes',
    next: 'Open it only after who made it has said why; `sqlite3 FILE .schema` shows it.'
  })
}
