/** The schema that the migrations lead to, against the committed snapshot: a change must be made twice. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { openConnection } from '#store/file/connection.ts'
import { migrate } from '#store/file/migrate.ts'
import { migrations } from '#store/migrations/all.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const snapshot = join(import.meta.dirname, '../../fixtures/schema.sql')

it('is the one of test/fixtures/schema.sql', async () => {
  const connection = await openConnection(join(await temporaryFolder(), 'schema.db'), 'create')
  await migrate(connection, migrations)
  const rows = await connection.all(
    'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name'
  )
  await connection.close()
  const schema = z
    .array(z.object({ sql: z.string() }))
    .parse(rows)
    .map(({ sql }) => `${sql};\n`)
    .join('\n')
  expect(`-- Version ${migrations.length}\n\n${schema}`).toBe(await readFile(snapshot, 'utf8'))
})
