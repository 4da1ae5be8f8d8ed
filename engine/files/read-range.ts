/** Reading parts of a file: into memory that is already there, in large pieces, seeing cancellation. */
import type { FileHandle } from 'node:fs/promises'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { openRegularFile } from '#engine/common/files/open-regular-file.ts'

/** Bytes of one read: large enough to run at the disk's speed, small enough to cancel between. */
export const pieceBytes = 2 * 2 ** 20

/** Opens a regular file, hands it to `use` with its size in bytes, and closes it whatever happens. */
export async function withFile<T>(
  path: string,
  use: (file: FileHandle, size: number) => Promise<T>
): Promise<T> {
  const { file, size } = await openRegularFile(path)
  try {
    return await use(file, size)
  } finally {
    await file.close()
  }
}

/**
 * Fills all of `target` with the bytes from `offset` on, in pieces.
 * @throws `file-malformed` where the file ends before, `cancelled` between pieces.
 */
export async function readInto(
  file: FileHandle,
  target: Uint8Array,
  offset: number,
  path: string,
  signal?: AbortSignal
): Promise<void> {
  let done = 0
  while (done < target.byteLength) {
    throwIfCancelled(signal)
    const length = Math.min(pieceBytes, target.byteLength - done)
    const { bytesRead } = await file.read(target, done, length, offset + done)
    if (bytesRead === 0) {
      throw new AnchorageError('file-malformed', 'The file ends too early.', {
        where: path,
        found: `the end at byte ${offset + done}`,
        expected: `at least ${offset + target.byteLength} bytes`,
        next: 'The copy is probably incomplete: fetch the file again.'
      })
    }
    done += bytesRead
  }
}

/** The bytes `[offset, offset + length)` of an open file, in memory of their own; for small parts. */
export async function readBytes(
  file: FileHandle,
  offset: number,
  length: number,
  path: string
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  await readInto(file, bytes, offset, path)
  return bytes
}

/** The first bytes of a file, by which its format is known, one character each. */
export async function firstBytes(path: string): Promise<string> {
  return await withFile(path, async (file, size) =>
    Buffer.from(await readBytes(file, 0, Math.min(size, 24), path)).toString('latin1')
  )
}
