/** Everything importable in a file or under a folder, without reading values. */
import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { AnchorageError, causedBy, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { detectFormat, formatTable } from './format-table.ts'
import { peftConfigName } from './peft-config.ts'
import type { PromptFormatEntry, PromptPart } from './prompt-format.ts'

export type ListedParts = {
  parts: PromptPart[]
  /** Files that look like prompts and can't be read, with the reason. */
  refused: { path: string; error: AnchorageError }[]
}

/** Levels of folders below the chosen one; `<model>/<relation>/FILE` needs two. */
const deepestFolder = 8

/**
 * The parts of `path`. For a single file that can't be read its error is thrown; under a folder it is listed
 * as refused, so that one bad file doesn't hide the others.
 */
export async function listParts(path: string, signal?: AbortSignal): Promise<ListedParts> {
  const absolute = resolve(path)
  const isFolder = (await statPath(absolute)).isDirectory()
  const isAdapterConfig = basename(absolute) === peftConfigName
  if (isFolder || isAdapterConfig) return await listFolder(isFolder ? absolute : dirname(absolute), signal)
  const format = detectFormat(absolute)
  if (format === undefined) throw unknownFormat(path)
  return { parts: await listFile(format, absolute), refused: [] }
}

function unreadable(folder: string, cause: unknown): AnchorageError {
  return new AnchorageError(
    'file-unreadable',
    'The folder could not be read.',
    { where: folder, found: String(cause), next: 'Check its permissions and the disk.' },
    cause
  )
}

async function statPath(path: string): Promise<{ isDirectory(): boolean }> {
  try {
    return await lstat(await realpath(path))
  } catch (cause) {
    throw causedBy(cause, 'file-not-found', 'The file or folder is not there.', {
      where: path,
      next: 'Check the path.'
    })
  }
}

function unknownFormat(path: string): AnchorageError {
  const readable = Object.values<PromptFormatEntry>(formatTable).filter(({ list }) => list !== null)
  return new AnchorageError('unsupported', 'The file is of no prompt format that is known by its name.', {
    where: path,
    found: basename(path),
    expected: readable.map(({ label }) => label).join(', '),
    next: 'Give the file the ending of its format.'
  })
}

async function listFile(format: PromptFormatEntry, path: string): Promise<PromptPart[]> {
  if (format.list !== null) return await format.list(path)
  throw new AnchorageError('unsupported', `${format.label} is written, not read.`, {
    where: path,
    next: 'Import the prompt from the file it was exported from.'
  })
}

async function listFolder(folder: string, signal?: AbortSignal): Promise<ListedParts> {
  const listed: ListedParts = { parts: [], refused: [] }
  const root = await realpath(folder)
  for await (const path of walk(root, deepestFolder, listed.refused)) {
    throwIfCancelled(signal)
    const format = detectFormat(path)
    if (format === undefined || !format.foundInFolders) continue
    try {
      await requireInside(root, path)
      for (const part of await listFile(format, path)) listed.parts.push(part)
    } catch (error) {
      if (!(error instanceof AnchorageError)) throw error
      listed.refused.push({ path, error })
    }
  }
  return listed
}

/** The files under a folder in the order of their names; folders behind links are not entered. */
async function* walk(folder: string, depth: number, refused: ListedParts['refused']): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    refused.push({ path: folder, error: unreadable(folder, cause) })
    return []
  })
  entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isFile() || entry.isSymbolicLink()) yield path
    else if (entry.isDirectory() && depth > 0) yield* walk(path, depth - 1, refused)
  }
}

/** Refuses a link that leads out of the chosen folder. */
async function requireInside(root: string, path: string): Promise<void> {
  const real = await realpath(path).catch(() => undefined)
  const inside = real === undefined ? '..' : relative(root, real)
  if (inside !== '..' && !inside.startsWith(`..${sep}`)) return
  throw new AnchorageError('file-unsafe', 'A link leads out of the folder.', {
    where: path,
    found: real ?? 'a link to nothing',
    expected: `a file inside ${root}`,
    next: 'Choose the file itself, or copy the folder with links followed (cp -rL).'
  })
}
