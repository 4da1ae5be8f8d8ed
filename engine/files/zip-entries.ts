/** The entries of a zip archive and where their bytes lie; nothing is unpacked. */
import type { FileHandle } from 'node:fs/promises'
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { withFile } from './read-range.ts'

export type ZipEntry = {
  readonly name: string
  /** First byte of the entry's data in the archive. */
  readonly offset: number
  /** Bytes in the archive. */
  readonly bytes: number
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
    this.file
      .read(buffer, offset, length, position)
      .then(({ bytesRead }) => callback(null, bytesRead), callback)
  }

  override _readStreamForRange(): never {
    throw new Error('entries are not unpacked by this reader')
  }
}

/** All entries of an archive, zip64 included. @throws `file-malformed` for a damaged archive. */
export async function listZipEntries(path: string): Promise<ZipEntry[]> {
  return await withFile(path, async (file, size) => {
    try {
      return await readDirectory(file, size)
    } catch (cause) {
      throw new AnchorageError(
        'file-malformed',
        'The zip archive is damaged.',
        {
          where: path,
          found: cause instanceof Error ? cause.message : String(cause),
          expected: 'a whole zip archive',
          next: 'The copy is probably incomplete: fetch the file again.'
        },
        cause
      )
    }
  })
}

async function readDirectory(file: FileHandle, size: number): Promise<ZipEntry[]> {
  const archive = await fromRandomAccessReaderPromise(new ArchiveReader(file, size), size, {
    autoClose: false
  })
  const entries: ZipEntry[] = []
  for await (const entry of archive.eachEntry()) {
    const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true })
    if (fileDataStart + entry.compressedSize > size) {
      throw new Error(`the entry ${entry.fileName} reaches beyond the end of the archive`)
    }
    entries.push({
      name: entry.fileName,
      offset: fileDataStart,
      bytes: entry.compressedSize,
      stored: entry.compressionMethod === 0 && !entry.isEncrypted()
    })
  }
  return entries
}
