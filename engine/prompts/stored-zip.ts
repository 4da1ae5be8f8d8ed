/** Zip archives of uncompressed entries with fixed dates: the same contents give the same bytes. */
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** The first day that zip's dates know, by local time as they are stored. */
const noDate = new Date(1980, 0, 1)

/** The bytes of an archive that holds `entries` in their order. */
export async function storeZip(entries: readonly { name: string; bytes: Uint8Array }[]): Promise<Uint8Array> {
  const zip = new ZipFile()
  for (const { name, bytes } of entries) {
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    zip.addBuffer(content, name, { compress: false, mtime: noDate, mode: 0o644, forceDosTimestamp: true })
  }
  zip.end()
  return await buffer(zip.outputStream)
}
