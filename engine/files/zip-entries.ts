/** The entries of a zip archive and where their bytes lie; nothing is unpacked. */
import { openPromise, type ZipFile } from 'yauzl'
import { AnchorageError } from '../contract/errors.ts'

export type ZipEntry = {
  readonly name: string
  /** First byte of the entry's data in the archive. */
  readonly offset: number
  /** Bytes in the archive. */
  readonly bytes: number
  /** Whether the bytes are the content as it is, neither compressed nor encrypted. */
  readonly stored: boolean
}

/** All entries of an archive, zip64 included. @throws `file-malformed` for a damaged archive. */
export async function listZipEntries(path: string): Promise<ZipEntry[]> {
  let archive: ZipFile | undefined
  try {
    archive = await openPromise(path, { autoClose: false })
    const entries: ZipEntry[] = []
    for await (const entry of archive.eachEntry()) {
      const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true })
      if (fileDataStart + entry.compressedSize > archive.fileSize) {
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
  } finally {
    archive?.close()
  }
}
