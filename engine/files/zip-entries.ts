/** The entries of a zip archive and where their bytes lie; nothing is unpacked. */
import type { FileHandle } from 'node:fs/promises'
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl'
import { AnchorageError, causedBy } from '#engine/common/contract/errors.ts'
import { withFile } from './read-range.ts'

/** Tensors are one entry each: more than any archive has. */
const mostEntries = 100_000
const windowBytes = 64 * 1024
/** For the directory, entry by entry; on a slow disk some milliseconds go to each. */
const listingSeconds = 60

export type ZipEntry = {
  readonly name: string
  /** First byte of the entry's data in the archive. */
  readonly offset: number
  /** Bytes in the archive. */
  readonly bytes: number
  /** CRC-32 of the content, as the directory says. */
  readonly crc32: number
  /** Whether the bytes are the content as it is, neither compressed nor encrypted. */
  readonly stored: boolean
}

/**
 * Reads the parts of an archive that its directory points to. A damaged directory points anywhere: yauzl's own
 * reader throws outside of any promise there, which would end the process; here it is an error like others.
 */
class ArchiveReader extends RandomAccessReader {
  readonly file: FileHandle
  readonly size: number
  /** What was read last, from byte `windowStart` on: the directory is asked for some fifty bytes at a time. */
  private window: Buffer = Buffer.alloc(0)
  private windowStart = 0

  constructor(file: FileHandle, size: number) {
    super()
    this.file = file
    this.size = size
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void
  ): void {
    if (position < 0 || position + length > this.size) {
      callback(new Error(`the directory points to byte ${position + length} of ${this.size}`))
      return
    }
    const copy = (): number => {
      const at = position - this.windowStart
      return this.window.copy(buffer, offset, at, at + length)
    }
    const isThere = position >= this.windowStart && position + length <= this.windowStart + this.window.length
    if (isThere) {
      const copied = copy()
      setImmediate(() => callback(null, copied))
      return
    }
    const bytes = Buffer.alloc(Math.min(Math.max(windowBytes, length), this.size - position))
    this.file.read(bytes, 0, bytes.length, position).then(({ bytesRead }) => {
      this.window = bytes.subarray(0, bytesRead)
      this.windowStart = position
      callback(null, copy())
    }, callback)
  }

  override _readStreamForRange(): never {
    throw new Error('entries are not unpacked by this reader')
  }
}

/**
 * All entries of an archive, zip64 included.
 * @throws `file-malformed` for a damaged archive, one whose entries share bytes among it, `unsupported` for one that
 *   has too many entries or takes too long
 */
export async function listZipEntries(path: string): Promise<ZipEntry[]> {
  return await withFile(path, async (file, size) => {
    try {
      return await readDirectory(file, size)
    } catch (cause) {
      if (cause instanceof TooMuch) throw tooMuch(path, cause.message)
      throw causedBy(cause, 'file-malformed', 'The zip archive is damaged.', {
        where: path,
        expected: 'a whole zip archive',
        next: 'The copy is probably incomplete: fetch the file again.'
      })
    }
  })
}

/** The archive asks for more than is done; the message says of what. */
class TooMuch extends Error {}

function tooMuch(path: string, found: string): AnchorageError {
  return new AnchorageError('unsupported', 'The zip archive has too many entries.', {
    where: path,
    found,
    expected: `at most ${mostEntries.toLocaleString('en')} entries, listed within ${listingSeconds} s`,
    next: 'Check that this is the file that was meant.'
  })
}

/** A local header is at least this long. */
const localHeaderBytes = 30

/** Refuses entries that share bytes: a small archive could hold one great content under thousands of names. */
function requireApart(entries: readonly Entry[]): void {
  const sorted = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  for (const [index, { fileName, relativeOffsetOfLocalHeader, compressedSize }] of sorted.entries()) {
    const next = sorted[index + 1]
    if (next === undefined) return
    const end = relativeOffsetOfLocalHeader + localHeaderBytes + compressedSize
    if (next.relativeOffsetOfLocalHeader < end) {
      throw new Error(`the entries ${fileName.slice(0, 100)} and ${next.fileName.slice(0, 100)} share bytes`)
    }
  }
}

async function readDirectory(file: FileHandle, size: number): Promise<ZipEntry[]> {
  const archive = await fromRandomAccessReaderPromise(new ArchiveReader(file, size), size, {
    autoClose: false
  })
  if (archive.entryCount > mostEntries) throw new TooMuch(`${archive.entryCount} entries`)
  const deadline = performance.now() + 1000 * listingSeconds
  const listed: Entry[] = []
  for await (const entry of archive.eachEntry()) listed.push(entry)
  requireApart(listed)
  const entries: ZipEntry[] = []
  for (const entry of listed) {
    if (performance.now() > deadline) throw new TooMuch(`${entries.length} entries in ${listingSeconds} s`)
    const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true })
    if (fileDataStart + entry.compressedSize > size) {
      throw new Error(`the entry ${entry.fileName} reaches beyond the end of the archive`)
    }
    entries.push({
      name: entry.fileName,
      offset: fileDataStart,
      bytes: entry.compressedSize,
      crc32: entry.crc32,
      stored: entry.compressionMethod === 0 && !entry.isEncrypted()
    })
  }
  return entries
}
