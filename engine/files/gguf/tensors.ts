/** The tensors of a GGUF file: plain ones, and those in blocks of a few bits, whose values are computed when they are read. */
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { readInto, withFile } from '../read-range.ts'
import { allocateValues, elementCount, packedTensor, type StoredTensor } from '../stored-tensor.ts'
import { blocks } from './blocks.ts'
import type { GgufTensor } from './header.ts'

/** GGML's element types by number. */
const typeNames: ReadonlyMap<number, string> = new Map([
  [0, 'F32'],
  [1, 'F16'],
  [2, 'Q4_0'],
  [3, 'Q4_1'],
  [6, 'Q5_0'],
  [7, 'Q5_1'],
  [8, 'Q8_0'],
  [10, 'Q2_K'],
  [11, 'Q3_K'],
  [12, 'Q4_K'],
  [13, 'Q5_K'],
  [14, 'Q6_K'],
  [20, 'IQ4_NL'],
  [23, 'IQ4_XS'],
  [24, 'I8'],
  [25, 'I16'],
  [26, 'I32'],
  [27, 'I64'],
  [28, 'F64'],
  [30, 'BF16'],
  [39, 'MXFP4']
])

/** Blocks that are decoded at a time. */
const blocksPerPiece = 8192

/** A tensor of the file at `path` as all readers know tensors. */
export function ggufTensor({ name, shape, type, offset }: GgufTensor, path: string): StoredTensor {
  const dtype = typeNames.get(type) ?? `GGML type ${type}`
  const described = { name, dtype, shape, file: path }
  const block = blocks.get(dtype)
  if (block === undefined) return packedTensor({ ...described, offset })
  return {
    ...described,
    read: async (signal, onValues) => {
      const count = elementCount(shape)
      if (count % block.values !== 0) {
        throw new AnchorageError('file-malformed', 'A tensor does not fill its blocks.', {
          where: `${path}, tensor ${name}`,
          found: `${count} values`,
          expected: `a multiple of ${block.values}, as ${dtype} has them`,
          next: 'Fetch the file again.'
        })
      }
      const values = allocateValues(described)
      const all = count / block.values
      const bytes = new Uint8Array(Math.min(all, blocksPerPiece) * block.bytes)
      const view = new DataView(bytes.buffer)
      await withFile(path, async (file) => {
        for (let first = 0; first < all; first += blocksPerPiece) {
          throwIfCancelled(signal)
          const now = Math.min(blocksPerPiece, all - first)
          await readInto(
            file,
            bytes.subarray(0, now * block.bytes),
            offset + first * block.bytes,
            path,
            signal
          )
          for (let i = 0; i < now; i++)
            block.decode(view, i * block.bytes, values, (first + i) * block.values)
          await onValues?.(values, (first + now) * block.values)
        }
      })
      return values
    }
  }
}
