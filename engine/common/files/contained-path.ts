/** Paths inside a folder that stay inside: a link may not lead a reader elsewhere. */
import { realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { AnchorageError, causedBy, isMissing } from '#engine/common/contract/errors.ts'

/**
 * The real path of a file in a folder, or undefined where there is none. Links are followed inside the folder, and
 * from a snapshot of the Hugging Face cache to the `blobs` beside it, where that cache keeps the contents.
 * @throws `file-unsafe` for a name or link that leads out of it
 */
export async function containedPath(folder: string, name: string): Promise<string | undefined> {
  const root = await realOrUndefined(folder)
  const file = await realOrUndefined(join(folder, name))
  if (root === undefined || file === undefined) return undefined
  if (isInside(root, file) || (isSnapshot(root) && isInside(join(root, '..', '..', 'blobs'), file)))
    return file
  throw new AnchorageError('file-unsafe', 'A file of the folder leads out of it.', {
    where: join(folder, name),
    found: `a link to ${file}`,
    expected: `a file inside ${root}`,
    next: 'Put a copy of the file there instead of the link.'
  })
}

async function realOrUndefined(path: string): Promise<string | undefined> {
  try {
    return await realpath(path)
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw causedBy(cause, 'file-unreadable', 'The path could not be followed.', {
      where: path,
      next: 'Check the permissions and the disk.'
    })
  }
}

function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** `models--OWNER--NAME/snapshots/REVISION`. */
function isSnapshot(folder: string): boolean {
  const parts = folder.split(sep)
  return parts.at(-2) === 'snapshots' && parts.at(-3)?.startsWith('models--') === true
}
