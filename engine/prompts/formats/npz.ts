/** `.npz`: a zip of NumPy arrays, stored (numpy.savez) or deflated (numpy.savez_compressed). */
import { constants, inflateRawSync } from 'node:zlib'
import { AnchorageError, messageOf } from '#engine/common/contract/errors.ts'
import { checksum } from '#engine/files/checksum.ts'
import { isFloatingPoint } from '#engine/files/element-types.ts'
import { readBytes, withFile } from '#engine/files/read-range.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { listZipEntries, type ZipEntry } from '#engine/files/zip-entries.ts'
import { matrixPart, promptMatrices, requirePromptMatrix } from '../matrix-parts.ts'
import {
  dataBytes,
  decodeNpyValues,
  encodeNpy,
  longestNpyHeader,
  type NpyLayout,
  readNpyLayout,
  requireDataBytes
} from '../npy-array.ts'
import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { nameIn, python } from '../reading-note.ts'
import { storeZip } from '../stored-zip.ts'

/**
 * Unpacks deflated bytes; at most `largest` bytes are ever held, whatever the archive claims.
 * @throws `file-malformed` where they are damaged or more.
 */
function inflate(
  bytes: Uint8Array,
  options: { largest: number; wholeStream: boolean },
  where: string
): Uint8Array {
  try {
    return inflateRawSync(bytes, {
      maxOutputLength: options.largest,
      finishFlush: options.wholeStream ? constants.Z_FINISH : constants.Z_SYNC_FLUSH
    })
  } catch (cause) {
    throw new AnchorageError(
      'file-malformed',
      'An entry of the archive could not be unpacked.',
      {
        where,
        found: messageOf(cause),
        expected: `deflated data of at most ${options.largest.toLocaleString('en')} bytes`,
        next: 'The file is damaged or not what it says: save it again with numpy.savez.'
      },
      cause
    )
  }
}

/** A prompt is one array, a suite of them some hundred. */
const mostArrays = 2_000

/** Deflate packs at most 1,032 bytes into one: what the start of an entry can grow to at the very most. */
const largestDeflateRatio = 1032
/** Bytes that hold a deflated header: NumPy's own take 128 before they are deflated. */
const longestPackedHeader = 2_000

async function readEntryStart(path: string, entry: ZipEntry, where: string): Promise<Uint8Array> {
  const length = Math.min(entry.bytes, entry.stored ? longestNpyHeader : longestPackedHeader)
  const bytes = await withFile(path, (file) => readBytes(file, entry.offset, length, path))
  if (entry.stored) return bytes
  const largest = Math.max(1, length * largestDeflateRatio)
  return inflate(bytes, { largest, wholeStream: false }, where).subarray(0, longestNpyHeader)
}

async function readEntryValues(
  path: string,
  entry: ZipEntry,
  layout: NpyLayout,
  where: string
): Promise<Float32Array> {
  const packed = await withFile(path, (file) => readBytes(file, entry.offset, entry.bytes, path))
  const largest = layout.dataStart + dataBytes(layout)
  const bytes = entry.stored ? packed : inflate(packed, { largest, wholeStream: true }, where)
  requireDataBytes(layout, bytes.length - layout.dataStart, where)
  const sum = checksum(entry.crc32, where)
  sum.update(bytes)
  sum.end()
  return decodeNpyValues(layout, bytes.subarray(layout.dataStart))
}

async function readEntryTensor(path: string, entry: ZipEntry): Promise<StoredTensor> {
  const name = entry.name.replace(/\.npy$/, '')
  const where = `${path}, ${entry.name}`
  const layout = readNpyLayout(await readEntryStart(path, entry, where), where)
  if (entry.stored && isFloatingPoint(layout.dtype))
    requireDataBytes(layout, entry.bytes - layout.dataStart, where)
  const description = { name, dtype: layout.dtype, shape: layout.shape, file: path }
  return {
    ...description,
    read: () => {
      requirePromptMatrix(description)
      return readEntryValues(path, entry, layout, where)
    }
  }
}

export const npzFormat: PromptFormatEntry = {
  name: 'npz',
  label: 'NumPy archive (.npz)',
  detect: (path) => endsWith(path, '.npz'),
  foundInFolders: true,
  list: async (path) => {
    const entries = (await listZipEntries(path)).filter(({ name }) => name.endsWith('.npy'))
    if (entries.length > mostArrays) {
      throw new AnchorageError('unsupported', 'The archive holds too many arrays.', {
        where: path,
        found: `${entries.length.toLocaleString('en')} arrays`,
        expected: `at most ${mostArrays.toLocaleString('en')}`,
        next: 'Save the prompts in several archives.'
      })
    }
    const tensors: StoredTensor[] = []
    for (const entry of entries) tensors.push(await readEntryTensor(path, entry))
    return promptMatrices(tensors, path).map((tensor) => matrixPart(tensor, { format: 'npz' }))
  },
  write: {
    endings: ['.npz'],
    encode: async ({ vectors }, _settings, path) => {
      const array = encodeNpy(vectors.rows, vectors.columns, vectors.data)
      const bytes = await storeZip([{ name: 'vectors.npy', bytes: array }])
      const loading = python('import numpy as np', `vectors = np.load(${nameIn(path)})["vectors"]`)
      return { kind: 'files', files: [{ ending: '', bytes }], notes: [], loading }
    }
  }
}
