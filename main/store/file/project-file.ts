/**
 * A project's file: checked, locked, migrated and opened as two connections, one that writes and one that
 * SQLite itself keeps from writing; created under a temporary name; closed into a single file.
 */

import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { writeWhole } from '#engine/common/files/write-whole.ts'
import { type Connection, openConnection, type ReadConnection } from './connection.ts'
import { applicationId, checkHeader, hasLog, refuseNewer } from './header.ts'
import { checkIntegrity } from './integrity.ts'
import { type ProjectLock, takeLock } from './lock.ts'
import { backUp, type Migration, migrate, newestVersion, readVersion } from './migrate.ts'
import { isOpenHere, noteOpen } from './open-here.ts'
import { requireOwnSchema } from './own-schema.ts'
import { isBusy, isDiskFailure } from './sqlite-errors.ts'
import { inTransaction, queueTransactions, type Transact } from './transactions.ts'

export type ProjectFile = {
  /** Real path. */
  path: string
  reading: ReadConnection
  transact: Transact
  /** The backup made before the project was migrated, or null where it was up to date. */
  backup: string | null
  /** Waits for the writes asked for, brings everything into the one file, gives the lock back. */
  close(): Promise<void>
}

export type ReadOnlyProjectFile = { path: string; reading: ReadConnection; close(): Promise<void> }

/** The real path of a project that exists; the path as given where it does not. */
function locate(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path))
}

async function configureWriter(connection: Connection): Promise<void> {
  await connection.execute('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
}

/**
 * Checks, backs up where needed, migrates; the path of the backup or null. On a connection of its own: a change of the
 * schema leaves locks on the connection that made it.
 */
async function bringUpToDate(
  path: string,
  migrations: readonly Migration[],
  crashed: boolean
): Promise<string | null> {
  const connection = await openConnection(path, 'read-write')
  try {
    const [version, newest] = [await readVersion(connection), newestVersion(migrations)]
    refuseNewer(path, version, newest)
    await requireOwnSchema(path, connection)
    if (crashed || version < newest) await checkIntegrity(path)
    if (version === newest) return null
    const backup = await backUp(connection, path, version)
    await migrate(connection, migrations)
    return backup
  } finally {
    await connection.close()
  }
}

async function openLocked(
  path: string,
  lock: ProjectLock,
  migrations: readonly Migration[]
): Promise<ProjectFile> {
  const backup = await bringUpToDate(path, migrations, await hasLog(path))
  const writing = await openConnection(path, 'read-write')
  try {
    await configureWriter(writing)
    const reading = await openConnection(path, 'read-only')
    const { transact, settled } = queueTransactions(writing)
    const close = async (): Promise<void> => {
      try {
        await settled()
        await reading.close()
        await closeIntoOneFile(writing)
      } finally {
        // On a full disk the log can't be written back: it stays beside the file, and the next writer takes it in.
        await lock.release()
      }
    }
    return { path, reading, transact, backup, close }
  } catch (error) {
    await writing.close()
    throw error
  }
}

/** Leaving the log's mode writes the log back and removes it. A reader elsewhere puts that off to its own end. */
async function closeIntoOneFile(writing: Connection): Promise<void> {
  try {
    await writing.execute(
      'PRAGMA busy_timeout = 200; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE'
    )
  } catch (error) {
    if (!(isBusy(error) || isDiskFailure(error))) throw error
  } finally {
    await writing.close()
  }
}

/**
 * Refuses a file that has a second name: under each it would have a lock and a log of its own, and two writers.
 * Links by name are followed instead.
 */
async function refuseSecondName(path: string): Promise<void> {
  const names = await stat(path).then(
    ({ nlink }) => nlink,
    () => 1
  )
  if (names <= 1) return
  throw new AnchorageError('project-locked', 'The project file has more than one name.', {
    where: path,
    found: `${names} hard links to one file`,
    expected: 'a file of its own: under another name it could be open already',
    next: 'Copy it, and open the copy.'
  })
}

/**
 * Opens a project for writing. Throws the errors of {@link checkHeader} and `project-locked`; a project
 * that is refused is left as it was.
 */
export async function openProjectFile(given: string, migrations: readonly Migration[]): Promise<ProjectFile> {
  const path = await locate(given)
  if (!isOpenHere(path)) await checkHeader(path, newestVersion(migrations))
  await refuseSecondName(path)
  const lock = await takeLock(path)
  try {
    const file = await openLocked(path, lock, migrations)
    const noteClosed = noteOpen(path)
    return { ...file, close: () => file.close().finally(noteClosed) }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Opens a project for reading only, beside a writer or none; one of an older version is refused. */
export async function openProjectFileToRead(
  given: string,
  migrations: readonly Migration[]
): Promise<ReadOnlyProjectFile> {
  const [path, newest] = [await locate(given), newestVersion(migrations)]
  if (!isOpenHere(path)) await checkHeader(path, newest)
  const reading = await openConnection(path, 'read-only')
  try {
    const version = await readVersion(reading)
    refuseNewer(path, version, newest)
    await requireOwnSchema(path, reading)
    if (version < newest) {
      throw new AnchorageError('unsupported', 'The project was written by an older Anchorage.', {
        where: path,
        found: `version ${version} of the project format`,
        expected: `version ${newest}`,
        next: 'Open it for writing once: it is then backed up and brought up to date.'
      })
    }
  } catch (error) {
    await reading.close()
    throw error
  }
  const noteClosed = noteOpen(path)
  return { path, reading, close: () => reading.close().finally(noteClosed) }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false
  )
}

/** Refuses a path where a project cannot be made. */
async function checkNewPath(path: string): Promise<void> {
  if (extname(path) !== '.anchorage') {
    throw new AnchorageError('bad-argument', 'A project is a file that ends in .anchorage.', {
      where: path,
      found: basename(path),
      expected: 'NAME.anchorage'
    })
  }
  if (!(await exists(dirname(path)))) {
    throw new AnchorageError('file-not-found', 'The folder for the new project does not exist.', {
      where: dirname(path),
      next: 'Create the folder first.'
    })
  }
  if (await exists(path)) {
    throw new AnchorageError('bad-argument', 'There is a file at this path already.', {
      where: path,
      next: 'Open it, or choose another name.'
    })
  }
}

/** Makes a new, empty project at `given` and opens it; throws `bad-argument` where a file is there. */
export async function createProjectFile(
  given: string,
  migrations: readonly Migration[]
): Promise<ProjectFile> {
  const asked = resolve(given)
  await checkNewPath(asked)
  const path = join(await realpath(dirname(asked)), basename(asked))
  const lock = await takeLock(path)
  try {
    await checkNewPath(path)
    await writeEmptyProject(path, migrations)
  } finally {
    await lock.release()
  }
  return openProjectFile(path, migrations)
}

async function writeEmptyProject(path: string, migrations: readonly Migration[]): Promise<void> {
  await writeWhole(path, async (temporary) => {
    const connection = await openConnection(temporary, 'create')
    try {
      await connection.execute(`PRAGMA application_id = ${applicationId}`)
      await migrate(connection, migrations)
      await inTransaction(connection, (transaction) =>
        transaction.run('INSERT INTO project (only, created_at) VALUES (1, ?)', [Date.now()])
      )
    } finally {
      await connection.close()
    }
  })
}
