/** Brings a project to the newest version, one migration and one transaction at a time. */

import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { writeWhole } from '#engine/common/files/write-whole.ts'
import type { Connection, ReadConnection, WriteConnection } from './connection.ts'
import { inTransaction } from './transactions.ts'

/** One step; `version` is the `user_version` that it leads to. A released migration is never edited. */
export type Migration = {
  readonly version: number
  readonly sql: string
  /** What SQL alone can't do, after it and in the same transaction. */
  readonly convert?: (connection: WriteConnection) => Promise<void>
}

export async function readVersion(connection: ReadConnection): Promise<number> {
  const row = z.object({ user_version: z.int() }).parse(await connection.get('PRAGMA user_version'))
  return row.user_version
}

/** The newest version that the migrations lead to; they are numbered 1, 2, 3, … */
export function newestVersion(migrations: readonly Migration[]): number {
  const gap = migrations.findIndex((migration, index) => migration.version !== index + 1)
  if (gap >= 0) throw new AnchorageError('internal', `Migration ${gap + 1} is missing or out of order.`)
  return migrations.length
}

/** Applies what is missing; a migration that fails leaves the version before it. */
export async function migrate(connection: Connection, migrations: readonly Migration[]): Promise<void> {
  const from = await readVersion(connection)
  for (const { version, sql, convert } of migrations.slice(from)) {
    await inTransaction(connection, async (transaction) => {
      await connection.execute(sql)
      await convert?.(transaction)
      const broken = await transaction.all('PRAGMA foreign_key_check')
      if (broken.length > 0) {
        throw new AnchorageError('internal', `Migration ${version} leaves references to rows that are gone.`)
      }
      await connection.execute(`PRAGMA user_version = ${version}`)
    })
  }
}

/** A copy of the project made by SQLite itself, beside it: `NAME.before-version-N.TIME.anchorage`. */
export async function backUp(connection: Connection, path: string, version: number): Promise<string> {
  const time = new Date().toISOString().replaceAll(':', '-')
  const name = basename(path, '.anchorage')
  const copy = join(dirname(path), `${name}.before-version-${version}.${time}.anchorage`)
  await writeWhole(copy, async (temporary) => {
    await connection.run('VACUUM INTO ?', [temporary])
  })
  return copy
}
