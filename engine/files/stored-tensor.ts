/**
 * A tensor that lies in a file: its description, and how its values are read when they are wanted.
 * All tensor formats come down to this; nothing but headers is read before `read` is called.
 */
import { constants } from 'node:buffer'
import { AnchorageError, throwIfCancelled } from '../contract/errors.ts'
import { convertToFloat32, elementBytes } from './element-types.ts'
import { pieceBytes, readInto, withFile } from './read-range.ts'

export type StoredTensor = {
  /** Name within its file; names of nested dictionaries are joined by dots. */
  readonly name: string
  /** Stored type in safetensors' spelling (`F32`, `BF16`, …), or as its format says where that has none. */
  readonly dtype: string
  readonly shape: readonly number[]
  /** Path of the file that holds the values. */
  readonly file: string
  /** All values in row-major order as float32, in memory of their own. */
  read(signal?: AbortSignal): Promise<Float32Array>
}

/** A tensor whose elements lie packed in row-major order from byte `offset` of its file. */
export type PackedTensor = Omit<StoredTensor, 'read'> & { readonly offset: number }

/** The number of elements of a shape: the product of its sizes, 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** A packed tensor with its way of being read. */
export function packedTensor(layout: PackedTensor): StoredTensor {
  const { name, dtype, shape, file, offset } = layout
  return { name, dtype, shape, file, read: (signal) => readPacked(layout, offset, signal) }
}

async function readPacked(layout: PackedTensor, offset: number, signal?: AbortSignal): Promise<Float32Array> {
  return await withFile(layout.file, async (file) => {
    const values = allocateValues(layout)
    if (layout.dtype === 'F32') {
      await readInto(file, new Uint8Array(values.buffer), offset, layout.file, signal)
      return values
    }
    const width = elementBytes(layout.dtype)
    const perPiece = Math.floor(pieceBytes / width)
    const piece = new Uint8Array(Math.min(perPiece, values.length) * width)
    for (let start = 0; start < values.length; start += perPiece) {
      throwIfCancelled(signal)
      const target = values.subarray(start, start + perPiece)
      const source = piece.subarray(0, target.length * width)
      await readInto(file, source, offset + start * width, layout.file)
      convertToFloat32(layout.dtype, source, target)
    }
    return values
  })
}

/**
 * Room for a tensor's values as float32.
 * @throws `unsupported` where no machine of this build can hold it in one piece.
 */
export function allocateValues(tensor: Pick<StoredTensor, 'name' | 'file' | 'shape'>): Float32Array {
  const count = elementCount(tensor.shape)
  try {
    if (4 * count <= constants.MAX_LENGTH) return new Float32Array(count)
  } catch {
    // An array that the memory has no room for is refused below, like one that is too long.
  }
  throw new AnchorageError('unsupported', 'The tensor does not fit in memory.', {
    where: `${tensor.file}, tensor ${tensor.name}`,
    found: `${tensor.shape.join(' × ')} values, ${(4 * count).toLocaleString('en')} bytes as float32`,
    expected: `at most ${constants.MAX_LENGTH.toLocaleString('en')} bytes, and as much free memory`,
    next: 'Close other programs, or use a smaller model.'
  })
}
