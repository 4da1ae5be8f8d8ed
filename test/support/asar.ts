/** Reads an archive of Electron's: a header that lists the files, then their bytes. */
import { copyFile, mkdir, open, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const nodeSchema = z.object({
  get files() {
    return z.record(z.string(), nodeSchema).optional()
  },
  /** Lies beside the archive, in the folder `ARCHIVE.unpacked`. */
  unpacked: z.boolean().optional(),
  offset: z.string().optional(),
  size: z.int().optional()
})

export type PackedFile = { path: string; unpacked: boolean; offset: number; size: number }
export type Archive = { readonly path: string; readonly start: number; readonly files: readonly PackedFile[] }

function list(node: z.infer<typeof nodeSchema>, path: string): PackedFile[] {
  if (node.files !== undefined)
    return Object.entries(node.files).flatMap(([name, child]) =>
      list(child, path === '' ? name : `${path}/${name}`)
    )
  const { unpacked = false, offset = '0', size = 0 } = node
  return [{ path, unpacked, offset: Number(offset), size }]
}

export async function readArchive(path: string): Promise<Archive> {
  const file = await open(path)
  try {
    const sizes = Buffer.alloc(16)
    await file.read(sizes, 0, 16, 0)
    const header = Buffer.alloc(sizes.readUInt32LE(12))
    await file.read(header, 0, header.length, 16)
    const files = list(nodeSchema.parse(JSON.parse(header.toString())), '')
    return { path, start: 8 + sizes.readUInt32LE(4), files }
  } finally {
    await file.close()
  }
}

/** Lays all of its files out as they were before they were packed. */
export async function extractArchive(archive: Archive, folder: string): Promise<void> {
  const file = await open(archive.path)
  try {
    for (const { path, unpacked, offset, size } of archive.files) {
      const target = join(folder, path)
      await mkdir(dirname(target), { recursive: true })
      if (unpacked) {
        await copyFile(join(`${archive.path}.unpacked`, path), target)
        continue
      }
      const bytes = Buffer.alloc(size)
      await file.read(bytes, 0, size, archive.start + offset)
      await writeFile(target, bytes)
    }
  } finally {
    await file.close()
  }
}
