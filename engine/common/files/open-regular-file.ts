/**
 * The one way to open a file of others for reading. A pipe is opened without waiting for who writes to it, and what is
 * no regular file (a pipe, a device, a folder) is refused before a byte is read.
 */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { AnchorageError, isMissing, messageOf } from '#engine/common/contract/errors.ts'

/** Windows has no such flag, and no pipes among its files. */
const withoutWaiting: number = constants.O_NONBLOCK ?? 0

/**
 * Opens a regular file; whoever opens it closes it.
 * @throws `file-not-found`, `file-unreadable`
 */
export async function openRegularFile(path: string): Promise<{ file: FileHandle; size: number }> {
  const file = await open(path, constants.O_RDONLY | withoutWaiting).catch((cause: unknown) => {
    throw notOpened(path, cause)
  })
  try {
    const stats = await file.stat()
    if (stats.isFile()) return { file, size: stats.size }
    throw new AnchorageError('file-unreadable', 'This is not a file.', {
      where: path,
      found: stats.isDirectory() ? 'a folder' : 'a device or pipe',
      expected: 'a regular file',
      next: 'Choose the file itself.'
    })
  } catch (error) {
    await file.close()
    throw error
  }
}

function notOpened(path: string, cause: unknown): AnchorageError {
  const missing = isMissing(cause)
  return new AnchorageError(
    missing ? 'file-not-found' : 'file-unreadable',
    missing ? 'The file is not there.' : 'The file could not be opened.',
    {
      where: path,
      found: messageOf(cause),
      next: missing ? 'Check the path.' : 'Check the permissions and the disk.'
    },
    cause
  )
}

/**
 * The whole of a small regular file.
 * @param largest most bytes that it may have
 * @throws as {@link openRegularFile}, `unsupported` where it is longer
 */
export async function readSmallFile(path: string, largest: number): Promise<Buffer> {
  const { file, size } = await openRegularFile(path)
  try {
    if (size <= largest) return await file.readFile()
  } finally {
    await file.close()
  }
  throw new AnchorageError('unsupported', 'The file is too long.', {
    where: path,
    found: `${size.toLocaleString('en')} bytes`,
    expected: `at most ${largest.toLocaleString('en')}`,
    next: 'Check that this is the file that was meant.'
  })
}
