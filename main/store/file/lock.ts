/**
 * The lock that makes one process the writer of a project. It is a lock of the operating system, held through
 * a small SQLite database beside the project, so a crash gives it back at once and no process number has to
 * be trusted. The holder signs the database, so that who is refused can say who holds it.
 */
import { randomUUID } from 'node:crypto'
import { rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { z } from 'zod'
import { AnchorageError, causedBy, systemCode } from '#engine/common/contract/errors.ts'
import { type Connection, openConnection } from './connection.ts'
import { isBusy } from './sqlite-errors.ts'

export type ProjectLock = { release(): Promise<void> }

const holderSchema = z.object({
  signature: z.string(),
  process: z.int(),
  host: z.string(),
  since: z.string()
})
type Holder = z.infer<typeof holderSchema>

/** Long enough for another process to finish signing, short enough for a person. */
const waitMilliseconds = 500

/** Path of the lock of the project at `path`. */
export function lockPath(path: string): string {
  return `${path}.lock`
}

/** Which file a path names at the moment; undefined where there is none. */
function fileIdentity(path: string): Promise<number | undefined> {
  return stat(path).then(
    (found) => found.ino,
    () => undefined
  )
}

async function readHolder(connection: Connection): Promise<Holder | undefined> {
  const row = await connection
    .get('SELECT signature, process, host, since FROM holder')
    .catch(() => undefined)
  return holderSchema.optional().parse(row)
}

function locked(path: string, holder: Holder | undefined): AnchorageError {
  const who =
    holder === undefined
      ? 'another process'
      : `process ${holder.process} on ${holder.host}, since ${holder.since}`
  return new AnchorageError('project-locked', `The project is open elsewhere: ${who}.`, {
    where: path,
    found: who,
    expected: 'one writer at a time',
    next: 'Close it there first. A process that crashed holds no lock.'
  })
}

/**
 * Signs as the holder, then takes the lock for good. Between the two another process may sign: the last to
 * sign is the holder, and who finds another signature gives way.
 */
async function sign(connection: Connection, signature: string): Promise<boolean> {
  await connection.execute(
    'BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS holder (signature, process, host, since)'
  )
  await connection.run('DELETE FROM holder')
  await connection.run('INSERT INTO holder VALUES (?, ?, ?, ?)', [
    signature,
    process.pid,
    hostname(),
    new Date().toISOString()
  ])
  await connection.execute('COMMIT')
  await connection.execute('BEGIN IMMEDIATE')
  return (await readHolder(connection))?.signature === signature
}

/**
 * Makes the lock file where there is none. One that exists is not even opened: on POSIX systems a process that
 * closes a file loses every lock it holds on it.
 */
async function createIfMissing(path: string): Promise<void> {
  try {
    await writeFile(path, '', { flag: 'wx' })
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') return
    const next = 'Open the project for reading only, or copy it into a folder that you may write to.'
    const message = 'The folder of the project cannot be written to.'
    throw causedBy(cause, 'write-failed', message, { where: path, next })
  }
}

/**
 * Takes the lock of the project at `path` (a real path).
 * Throws `project-locked`, naming the holder, or `write-failed` where the folder cannot be written to.
 */
export async function takeLock(path: string): Promise<ProjectLock> {
  const file = lockPath(path)
  await createIfMissing(file)
  const identity = await fileIdentity(file)
  const connection = await openConnection(file, 'read-write', waitMilliseconds)
  try {
    // In memory, so that the lock is one file.
    await connection.execute('PRAGMA journal_mode = MEMORY')
    if (!(await sign(connection, randomUUID()))) throw locked(path, await readHolder(connection))
  } catch (error) {
    const refused = isBusy(error) ? locked(path, await readHolder(connection)) : error
    await connection.close()
    throw refused
  }
  if (identity === undefined || (await fileIdentity(file)) !== identity) {
    // The last holder removed the file while we waited for it: what we hold is no longer the lock.
    await connection.close()
    return takeLock(path)
  }
  return { release: () => release(connection, file) }
}

/** Removes the file while the lock is held where that is possible; Windows removes no open file. */
async function release(connection: Connection, file: string): Promise<void> {
  if (process.platform !== 'win32') await rm(file, { force: true })
  await connection.close()
  // Where another process has opened it by now, Windows keeps the file for it.
  if (process.platform === 'win32') await rm(file, { force: true }).catch(() => undefined)
}
