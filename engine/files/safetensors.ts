/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header naming every tensor's
 * type, shape and byte range, then the values. The header is untrusted: its length is checked against
 * the file before memory is taken, and ranges must lie in the file, fit their shape and not overlap.
 */
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { parseJson } from '#engine/common/files/json-text.ts'
import { packedBytes } from './element-types.ts'
import { readBytes, withFile } from './read-range.ts'
import { elementCount, type PackedTensor, packedTensor, type StoredTensor } from './stored-tensor.ts'
import { requireTensorCount, requireTensorName } from './tensor-limits.ts'

/** The format's own limit: larger headers are refused by every reader. */
const largestHeader = 100_000_000

const size = z.int().nonnegative()
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size])
})
const metadataSchema = z.record(z.string(), z.string()).catch({})

/** The tensors of a safetensors file in the order of their bytes; only the header is read. */
export async function listSafetensors(path: string): Promise<StoredTensor[]> {
  const { header, dataStart, fileSize } = await readHeader(path)
  const ranges: (PackedTensor & { end: number })[] = []
  const entries = Object.entries(header)
  requireTensorCount(entries.length, path)
  for (const [name, value] of entries) {
    if (name === '__metadata__') continue
    requireTensorName(name, path)
    ranges.push(readEntry(path, name, value, dataStart, fileSize))
  }
  ranges.sort((a, b) => a.offset - b.offset || a.end - b.end)
  for (const [index, range] of ranges.entries()) {
    const next = ranges[index + 1]
    if (next !== undefined && next.offset < range.end) {
      throw malformed(path, `tensors ${range.name} and ${next.name}`, 'byte ranges that overlap')
    }
  }
  return ranges.map(packedTensor)
}

/** The notes that the writer of the file left under `__metadata__`; empty where there are none. */
export async function readSafetensorsMetadata(path: string): Promise<Record<string, string>> {
  const { header } = await readHeader(path)
  return metadataSchema.parse(header['__metadata__'])
}

async function readHeader(path: string) {
  return await withFile(path, async (file, fileSize) => {
    if (fileSize < 8) throw malformed(path, 'header', `a file of ${fileSize} bytes`)
    const start = await readBytes(file, 0, 8, path)
    const length = Number(new DataView(start.buffer).getBigUint64(0, true))
    if (length > fileSize - 8 || length > largestHeader) {
      throw new AnchorageError(
        'file-malformed',
        'The header of the safetensors file is longer than it can be.',
        {
          where: `${path}, bytes 0 to 8`,
          found: `a header length of ${length.toLocaleString('en')} bytes`,
          expected: `at most ${Math.min(fileSize - 8, largestHeader).toLocaleString('en')} in this file`,
          next: 'The copy is incomplete or damaged: fetch the file again.'
        }
      )
    }
    const bytes = await readBytes(file, 8, length, path)
    return { header: parseHeader(path, bytes), dataStart: 8 + length, fileSize }
  })
}

function parseHeader(path: string, bytes: Uint8Array): Record<string, unknown> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw malformed(path, 'header', 'bytes that are not UTF-8', cause)
  }
  const value = parseJson(text, `${path}, header`, 'The header of the safetensors file is not JSON.')
  if (!isHeader(value)) throw malformed(path, 'header', 'JSON that is not an object')
  return value
}

function isHeader(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readEntry(path: string, name: string, value: unknown, dataStart: number, fileSize: number) {
  const entry = entrySchema.safeParse(value)
  if (!entry.success) {
    throw malformed(path, `tensor ${name}`, 'no valid dtype, shape and data_offsets', entry.error)
  }
  const { dtype, shape, data_offsets: offsets } = entry.data
  const [start, end] = [dataStart + offsets[0], dataStart + offsets[1]]
  if (end < start || end > fileSize) {
    throw malformed(
      path,
      `tensor ${name}`,
      `the byte range ${start} to ${end} in a file of ${fileSize} bytes`
    )
  }
  const expected = packedBytes(dtype, elementCount(shape))
  if (expected !== undefined && expected !== end - start) {
    const found = `${end - start} bytes for ${dtype} [${shape.join(', ')}], which takes ${expected}`
    throw malformed(path, `tensor ${name}`, found)
  }
  return { name, dtype, shape, file: path, offset: start, end }
}

function malformed(path: string, part: string, found: string, cause?: unknown): AnchorageError {
  return new AnchorageError(
    'file-malformed',
    'The safetensors file is damaged.',
    {
      where: `${path}, ${part}`,
      found,
      expected: 'a header that describes byte ranges within the file',
      next: 'The copy is incomplete or was made wrongly: fetch or write the file again.'
    },
    cause
  )
}
