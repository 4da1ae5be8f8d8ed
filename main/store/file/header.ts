/**
 * The first look at a file that is said to be a project: its 100 bytes of SQLite header, read without
 * SQLite, so that a foreign or newer file is refused without a trace.
 */
import { open, stat } from 'node:fs/promises'
import { AnchorageError } from '#engine/common/contract/errors.ts'

/** `ANCG`: marks a database as a project of ours. */
export const applicationId = 0x414e4347

const headerBytes = 100
const magic = 'SQLite format 3\0'

function malformed(path: string, message: string, found: string, expected: string): AnchorageError {
  const next = 'Choose a file that Anchorage wrote; a damaged one may be restored from a backup.'
  return new AnchorageError('project-malformed', message, { where: path, found, expected, next })
}

async function readHeader(path: string): Promise<{ header: Buffer; size: number }> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) {
    const next = 'Check the path, or create a new project there.'
    throw new AnchorageError('file-not-found', 'There is no project at this path.', { where: path, next })
  }
  if (!found.isFile()) {
    throw malformed(path, 'This is not a project.', 'a folder or special file', 'a file NAME.anchorage')
  }
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path, 'r')
  } catch (cause) {
    const next = 'Check that you may read it.'
    throw new AnchorageError('file-unreadable', 'The project cannot be read.', { where: path, next }, cause)
  }
  try {
    const header = Buffer.alloc(headerBytes)
    const { bytesRead } = await file.read(header, 0, headerBytes, 0)
    return { header: header.subarray(0, bytesRead), size: found.size }
  } finally {
    await file.close()
  }
}

/** Pages that the header counts, in bytes; undefined where an old writer left the count stale. */
function sizeByHeader(header: Buffer): number | undefined {
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  const countIsValid = header.readUInt32BE(24) === header.readUInt32BE(92)
  return countIsValid ? header.readUInt32BE(28) * pageSize : undefined
}

/** Whether the last writer ended without closing: its log is still beside the file. */
export function hasLog(path: string): Promise<boolean> {
  return stat(`${path}-wal`).then(
    (log) => log.size > 0,
    () => false
  )
}

/** Refuses a version that a later Anchorage wrote. */
export function refuseNewer(path: string, version: number, known: number): void {
  if (version <= known) return
  throw new AnchorageError('project-newer', 'The project was written by a newer Anchorage.', {
    where: path,
    found: `version ${version} of the project format`,
    expected: `version ${known} or older`,
    next: 'Open it with the newer Anchorage. Nothing in the file was changed.'
  })
}

/**
 * Throws `file-not-found`, `file-unreadable`, `project-malformed` (a folder, no SQLite database, another
 * program's, cut short) or `project-newer`. `known` is the newest version that we can read.
 */
export async function checkHeader(path: string, known: number): Promise<void> {
  const { header, size } = await readHeader(path)
  if (header.length < headerBytes || header.toString('latin1', 0, magic.length) !== magic) {
    throw malformed(path, 'This is not a project.', `${size} bytes of something else`, 'an SQLite database')
  }
  const id = header.readUInt32BE(68)
  if (id !== applicationId) {
    const found = `a database with the application id ${id}`
    throw malformed(path, 'This database belongs to another program.', found, `the id ${applicationId}`)
  }
  const expected = sizeByHeader(header)
  // With a log beside it the file may lag behind; SQLite brings it up to date.
  if (expected !== undefined && size < expected && !(await hasLog(path))) {
    throw malformed(path, 'The project file is cut short.', `${size} bytes`, `${expected} bytes`)
  }
  refuseNewer(path, header.readUInt32BE(60), known)
}
