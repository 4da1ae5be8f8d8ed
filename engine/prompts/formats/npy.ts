/** `.npy` files: one matrix, whatever wrote it. */
import { basename } from 'node:path'
import { readBytes, withFile } from '#engine/files/read-range.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { matrixPart, requirePromptMatrix } from '../matrix-parts.ts'
import {
  dataBytes,
  decodeNpyValues,
  encodeNpy,
  longestNpyHeader,
  readNpyLayout,
  requireDataBytes,
  requireFloats
} from '../npy-array.ts'
import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { nameIn, python } from '../reading-note.ts'

/** The array of a `.npy` file; only its header is read. */
export async function readNpyTensor(path: string): Promise<StoredTensor> {
  const layout = await withFile(path, async (file, size) => {
    const layout = readNpyLayout(await readBytes(file, 0, Math.min(size, longestNpyHeader), path), path)
    requireFloats(layout, path)
    requireDataBytes(layout, size - layout.dataStart, path)
    return layout
  })
  const { dtype, shape, dataStart } = layout
  const description = { name: basename(path), dtype, shape, file: path }
  requirePromptMatrix(description)
  return {
    ...description,
    read: () =>
      withFile(path, async (file) =>
        decodeNpyValues(layout, await readBytes(file, dataStart, dataBytes(layout), path))
      )
  }
}

export const npyFormat: PromptFormatEntry = {
  name: 'npy',
  label: 'NumPy array (.npy)',
  detect: (path) => endsWith(path, '.npy'),
  foundInFolders: true,
  list: async (path) => [matrixPart(await readNpyTensor(path), { format: 'npy', part: 'array' })],
  write: {
    endings: ['.npy'],
    encode: ({ vectors }, _settings, path) =>
      Promise.resolve({
        kind: 'files',
        files: [{ ending: '', bytes: encodeNpy(vectors.rows, vectors.columns, vectors.data) }],
        notes: [],
        loading: python('import numpy as np', `vectors = np.load(${nameIn(path)})`)
      })
  }
}
