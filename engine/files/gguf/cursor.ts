/** Reads the header of a GGUF file from its first bytes, value after value. */
import { AnchorageError } from '#engine/common/contract/errors.ts'

/** Thrown where the bytes at hand end before the header does: more of the file must be read. */
export class HeaderTooShort extends Error {}

export type HeaderCursor = {
  readonly position: () => number
  readonly skip: (bytes: number) => void
  /** A number of `bytes` bytes, read from a view at an offset. */
  readonly number: (bytes: number, read: (view: DataView, at: number) => number) => number
  readonly uint32: () => number
  /** An unsigned 64-bit number. @throws `file-malformed` where it counts more than any file holds */
  readonly count: () => number
  /** @throws `file-malformed` for what is not UTF-8 */
  readonly text: () => string
}

/** @param path for errors */
export function headerCursor(bytes: Uint8Array, path: string): HeaderCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let at = 0
  const take = (length: number): number => {
    if (at + length > bytes.byteLength) throw new HeaderTooShort()
    at += length
    return at - length
  }
  const malformed = (found: string, expected: string): AnchorageError =>
    new AnchorageError('file-malformed', 'The GGUF file is damaged.', {
      where: path,
      found,
      expected,
      next: 'The copy is probably incomplete: fetch the file again.'
    })
  const count = (): number => {
    const value = view.getBigUint64(take(8), true)
    if (value <= Number.MAX_SAFE_INTEGER) return Number(value)
    throw malformed(`a count of ${value} at byte ${at - 8}`, 'a count that a file can hold')
  }
  return {
    position: () => at,
    skip: take,
    number: (length, read) => read(view, take(length)),
    uint32: () => view.getUint32(take(4), true),
    count,
    text: () => {
      const length = count()
      const start = take(length)
      try {
        return decoder.decode(bytes.subarray(start, start + length))
      } catch {
        throw malformed(`${length} bytes at byte ${start} that are no text`, 'UTF-8')
      }
    }
  }
}
