/** Zip archives as no honest program writes them: entries that share bytes, sums that are wrong. */
import { crc32 } from 'node:zlib'

export type ArchiveEntry = {
  readonly name: string
  readonly bytes: Uint8Array
  /** The content, where `bytes` are deflated. */
  readonly content?: Uint8Array
  readonly crc32?: number
  /** The number of the entry whose local header and bytes this one names as its own. */
  readonly sharedWith?: number
}

function header(signature: number, central: boolean, entry: ArchiveEntry): Buffer {
  const { name, bytes, content = bytes } = entry
  const fields = Buffer.alloc(central ? 46 : 30)
  const at = central ? 2 : 0
  fields.writeUInt32LE(signature)
  if (central) fields.writeUInt16LE(20, 4)
  fields.writeUInt16LE(20, 4 + at)
  fields.writeUInt16LE(entry.content === undefined ? 0 : 8, 8 + at)
  fields.writeUInt32LE(entry.crc32 ?? crc32(content), 14 + at)
  fields.writeUInt32LE(bytes.length, 18 + at)
  fields.writeUInt32LE(content.length, 22 + at)
  fields.writeUInt16LE(Buffer.byteLength(name), 26 + at)
  return fields
}

/** The bytes of an archive with these entries; without zip64, so at most 65,535 of them. */
export function zipArchive(entries: readonly ArchiveEntry[]): Buffer {
  const parts: Buffer[] = []
  const places: number[] = []
  let at = 0
  for (const entry of entries) {
    const shared = entry.sharedWith === undefined ? undefined : places[entry.sharedWith]
    places.push(shared ?? at)
    if (shared !== undefined) continue
    const written = [header(0x04034b50, false, entry), Buffer.from(entry.name), Buffer.from(entry.bytes)]
    parts.push(...written)
    at += written.reduce((sum, part) => sum + part.length, 0)
  }
  const directory = entries.flatMap((entry, index) => {
    const fields = header(0x02014b50, true, entry)
    fields.writeUInt32LE(places[index] ?? 0, 42)
    return [fields, Buffer.from(entry.name)]
  })
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, ...directory, end])
}
