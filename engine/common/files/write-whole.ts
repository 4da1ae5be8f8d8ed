/**
 * Puts files in their place whole or not at all: each is written under a temporary name in the same folder,
 * flushed, then renamed. What was there is replaced only when asked; after a failure nothing new stays behind.
 */
import { randomUUID } from 'node:crypto'
import { lstat, mkdir, open, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AnchorageError, causedBy, systemCode } from '#engine/common/contract/errors.ts'
import { makeFolders } from './make-folder.ts'

export type NewFile = { path: string; bytes: Uint8Array }

/** What a person can do about a system error. */
const nextSteps: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'The disk is full: free some space, or choose another disk.'],
  ['EDQUOT', 'The quota is used up: free some space, or choose another disk.'],
  ['EACCES', 'Choose a folder that you may write to.'],
  ['EPERM', 'Choose a folder that you may write to.'],
  ['EROFS', 'The disk is read-only: choose another.'],
  ['ENOENT', 'No folder can be made here: choose another place.'],
  ['ENOTDIR', 'A file stands where a folder is needed: choose another place, or rename the file.'],
  ['EEXIST', 'A file stands where a folder is needed: choose another place, or rename the file.'],
  ['ENAMETOOLONG', 'Choose a shorter name.']
])

function writeFailed(path: string, cause: unknown): AnchorageError {
  if (cause instanceof AnchorageError) return cause
  return causedBy(cause, 'write-failed', 'The file could not be written; nothing was left behind.', {
    where: path,
    next: nextSteps.get(systemCode(cause) ?? '') ?? 'Check the path and the disk.'
  })
}

function alreadyThere(path: string, what: string): AnchorageError {
  return new AnchorageError('write-failed', `There is ${what} in this place already.`, {
    where: path,
    found: what,
    expected: 'a free name',
    next: 'Choose another name, or ask to overwrite.'
  })
}

async function kindOf(path: string): Promise<'nothing' | 'a file' | 'a folder'> {
  try {
    return (await lstat(path)).isDirectory() ? 'a folder' : 'a file'
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'nothing'
    throw writeFailed(path, error)
  }
}

/** Makes a folder and those above it; the result removes again what was made, as far as it is empty. */
async function makeFolder(folder: string): Promise<() => Promise<void>> {
  const first = await makeFolders(folder)
  return async () => {
    if (first === undefined) return
    for (let made = folder; made.length >= first.length; made = dirname(made)) {
      const removed = await rmdir(made).then(
        () => true,
        () => false
      )
      if (!removed) return
    }
  }
}

/** Makes a folder and those above it where they are missing. @throws `write-failed` */
export async function ensureFolder(folder: string): Promise<void> {
  await makeFolders(folder).catch((cause: unknown) => {
    throw writeFailed(folder, cause)
  })
}

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.part`)
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Puts one file in its place, replacing what is there: `make` writes it under the temporary name that it is given,
 * then it is flushed to the disk and renamed. The folder is made where missing.
 * @throws `write-failed`, or what `make` throws; then nothing new stays behind
 */
export async function writeWhole(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryName(path)
  let removeFolder = async (): Promise<void> => {}
  try {
    removeFolder = await makeFolder(dirname(path)).catch((cause: unknown) => {
      throw writeFailed(path, cause)
    })
    await make(temporary)
    await flush(temporary)
      .then(() => rename(temporary, path))
      .catch((cause: unknown) => {
        throw writeFailed(path, cause)
      })
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {})
    await removeFolder()
    throw cause
  }
}

/** Writes `data` to `path`, replacing what is there. @throws `write-failed` */
export async function writeWholeFile(path: string, data: string | Uint8Array): Promise<void> {
  await writeWhole(path, (temporary) =>
    writeFile(temporary, data, { flag: 'wx' }).catch((cause: unknown) => {
      throw writeFailed(path, cause)
    })
  )
}

/** Writes `value` as a JSON document, replacing what is there. @throws `write-failed` */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await writeWholeFile(path, `${JSON.stringify(value, null, 2)}\n`)
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Writes files of one folder, which is made where missing.
 * @throws `write-failed`: something is there and `overwrite` is not set, or the system's reason.
 */
export async function writeFiles(files: readonly NewFile[], overwrite: boolean): Promise<void> {
  for (const { path } of files) {
    const kind = await kindOf(path)
    if (kind === 'a folder' || (kind === 'a file' && !overwrite)) throw alreadyThere(path, kind)
  }
  const temporary = files.map(({ path, bytes }) => ({
    path,
    bytes,
    temporary: temporaryName(path)
  }))
  const placed: string[] = []
  let removeFolder = async (): Promise<void> => {}
  try {
    removeFolder = await makeFolder(dirname(files[0].path))
    for (const file of temporary) await writeFlushed(file.temporary, file.bytes)
    for (const file of temporary) {
      await rename(file.temporary, file.path)
      placed.push(file.path)
    }
  } catch (cause) {
    const leftovers = [...temporary.map((file) => file.temporary), ...(overwrite ? [] : placed)]
    for (const path of leftovers) await rm(path, { force: true }).catch(() => {})
    await removeFolder()
    throw writeFailed(files[0].path, cause)
  }
}

/**
 * Writes a folder with the given files. It appears under its name only when it is whole; with `overwrite` the
 * files are replaced inside a folder that is there, and whatever else it holds is left alone.
 */
export async function writeFolder(
  folder: string,
  files: readonly { name: string; bytes: Uint8Array }[],
  overwrite: boolean
): Promise<void> {
  const kind = await kindOf(folder)
  if (kind === 'a file') throw alreadyThere(folder, kind)
  if (kind === 'a folder') {
    const isEmpty = (await readdir(folder)).length === 0
    if (!isEmpty && !overwrite) throw alreadyThere(folder, 'a folder with files')
    await writeFiles(
      files.map(({ name, bytes }) => ({ path: join(folder, name), bytes })),
      overwrite
    )
    return
  }
  const temporary = temporaryName(folder)
  let removeFolder = async (): Promise<void> => {}
  try {
    removeFolder = await makeFolder(dirname(folder))
    await mkdir(temporary)
    for (const { name, bytes } of files) await writeFlushed(join(temporary, name), bytes)
    await rename(temporary, folder)
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {})
    await removeFolder()
    throw writeFailed(folder, cause)
  }
}
