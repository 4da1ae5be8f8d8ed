/** The SHA-256 of a file, read in pieces while the thread stays free for others, and not again while the file stands. */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { FileHash } from '#engine/common/contract/models.ts'
import { withFile } from './read-range.ts'

/** Bytes of one piece: hashing it holds the thread for some 2 ms, and other calls come between. */
const hashedAtOnce = 2 * 2 ** 20

type Stamp = Pick<FileHash, 'size' | 'modified' | 'inode'>

async function stampOf(file: FileHandle): Promise<Stamp> {
  const { size, mtimeNs, ctimeNs, ino } = await file.stat({ bigint: true })
  // Who writes a file may set back when its content was changed, but not when its inode was.
  return { size: Number(size), modified: `${mtimeNs} ${ctimeNs}`, inode: String(ino) }
}

function isSame(a: Stamp, b: Stamp): boolean {
  return a.size === b.size && a.modified === b.modified && a.inode === b.inode
}

/** Reads one piece while the one before is hashed. */
async function digest(
  file: FileHandle,
  size: number,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal
): Promise<string> {
  const hash = createHash('sha256')
  const buffers = [Buffer.allocUnsafe(hashedAtOnce), Buffer.allocUnsafe(hashedAtOnce)] as const
  const read = (piece: number) => file.read(buffers[piece % 2], 0, hashedAtOnce, piece * hashedAtOnce)
  const pieces = Math.ceil(size / hashedAtOnce)
  let next = read(0)
  for (let piece = 0; piece < pieces; piece++) {
    const { bytesRead, buffer } = await next
    // A reading that no one waits for after an error is of no interest.
    next = read(piece + 1)
    next.catch(() => {})
    throwIfCancelled(signal)
    hash.update(buffer.subarray(0, bytesRead))
    onBytes(bytesRead)
  }
  await next
  return hash.digest('hex')
}

/** The size of a file, and its hash where it is known of the same path, size, time of change and inode. */
export async function knownHash(
  path: string,
  known: readonly FileHash[]
): Promise<{ readonly size: number; readonly hash: FileHash | undefined }> {
  return await withFile(path, async (file, size) => {
    const stamp = await stampOf(file)
    return { size, hash: known.find((one) => one.path === path && isSame(one, stamp)) }
  })
}

/**
 * Reads and hashes a file.
 * @param onBytes hears how many bytes more were hashed
 * @throws `file-not-found`, `file-unreadable`, `cancelled`, `mismatch` where the file is changed meanwhile
 */
export async function hashFile(
  path: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal
): Promise<FileHash> {
  return await withFile(path, async (file, size) => {
    const before = await stampOf(file)
    const sha256 = await digest(file, size, onBytes, signal)
    if (isSame(before, await stampOf(file))) return { path, ...before, sha256 }
    throw new AnchorageError('mismatch', 'A file was changed while it was read.', {
      where: path,
      found: 'another size or time of change than when reading began',
      next: 'Wait until whatever writes it has ended, then try again.'
    })
  })
}
