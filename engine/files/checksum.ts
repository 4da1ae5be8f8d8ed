/** Checksums of archives: bytes that were damaged on the way are told before anything is computed with them. */
import { crc32 } from 'node:zlib'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { pieceBytes, readBytes, withFile } from './read-range.ts'

/** Sums bytes as they are read, in their order; `end` throws `file-malformed` where the sum is another. */
export type Checksum = { readonly update: (bytes: Uint8Array) => void; readonly end: () => void }

/** A sum that is compared with CRC-32 `expected`. @param where the file and its part, for the error */
export function checksum(expected: number, where: string): Checksum {
  let sum = 0
  return {
    update: (bytes) => {
      sum = crc32(bytes, sum)
    },
    end: () => {
      if (sum === expected) return
      throw new AnchorageError('file-malformed', 'The contents of the archive are damaged.', {
        where,
        found: `bytes with the checksum ${sum.toString(16).padStart(8, '0')}`,
        expected: `${expected.toString(16).padStart(8, '0')}, as the archive says`,
        next: 'The copy is damaged: fetch or write the file again.'
      })
    }
  }
}

/** Sums `bytes` of a file from `offset` on, in pieces. @throws `file-malformed` where they are others */
export async function checkRange(
  path: string,
  { offset, bytes }: { readonly offset: number; readonly bytes: number },
  sum: Checksum
): Promise<void> {
  await withFile(path, async (file) => {
    for (let done = 0; done < bytes; done += pieceBytes) {
      sum.update(await readBytes(file, offset + done, Math.min(pieceBytes, bytes - done), path))
    }
  })
  sum.end()
}
