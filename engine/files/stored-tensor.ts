/**
 * A tensor that lies in a file: its description, and how its values are read when they are wanted.
 * All tensor formats come down to this; nothing but headers is read before `read` is called.
 */
import { constants } from 'node:buffer'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Checksum } from './checksum.ts'
import { convertToFloat32, elementBytes } from './element-types.ts'
import { pieceBytes, readInto, withFile } from './read-range.ts'

/** Told how many of the values, from the first on, are there, and waited for: the next are read meanwhile. */
export type OnValues = (values: Float32Array, ready: number) => Promise<void>

/** Told of consecutive rows, from row `first` on, in memory that holds others when it has answered. */
export type OnRows = (rows: Float32Array, first: number) => Promise<void>

export type StoredTensor = {
  /** Name within its file; names of nested dictionaries are joined by dots. */
  readonly name: string
  /** Stored type in safetensors' spelling (`F32`, `BF16`, …), or as its format says where that has none. */
  readonly dtype: string
  readonly shape: readonly number[]
  /** Path of the file that holds the values. */
  readonly file: string
  /** The byte of the file where the elements begin, packed in row-major order; left out where they are not. */
  readonly offset?: number
  /** All values in row-major order as float32, in memory of their own. */
  read(signal?: AbortSignal, onValues?: OnValues): Promise<Float32Array>
  /** All rows of a matrix in turn, without memory for all of them; left out where the values must be whole to be read. */
  visit?(onRows: OnRows, signal?: AbortSignal): Promise<void>
}

/** A tensor whose elements lie packed in row-major order from byte `offset` of its file. */
export type PackedTensor = Omit<StoredTensor, 'read' | 'visit'> & {
  readonly offset: number
  /** A sum over the bytes of the whole tensor, where its file has one. */
  readonly sum?: (() => Checksum) | undefined
}

/** The number of elements of a shape: the product of its sizes, 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** A packed tensor with its way of being read. */
export function packedTensor(layout: PackedTensor): StoredTensor {
  const { name, dtype, shape, file, offset } = layout
  return {
    name,
    dtype,
    shape,
    file,
    offset,
    read: (signal, onValues) => readPacked(layout, signal, onValues),
    visit: (onRows, signal) => visitPacked(layout, onRows, signal)
  }
}

async function readPacked(
  layout: PackedTensor,
  signal?: AbortSignal,
  onValues?: OnValues
): Promise<Float32Array> {
  const values = allocateValues(layout)
  const perPiece = Math.floor(pieceBytes / elementBytes(layout.dtype))
  const placeOf = (start: number): Float32Array => values.subarray(start, start + perPiece)
  await readPieces(layout, [values.length, perPiece], placeOf, (_, end) => onValues?.(values, end), signal)
  return values
}

/** In pieces of whole rows, by two pieces of memory. */
async function visitPacked(layout: PackedTensor, onRows: OnRows, signal?: AbortSignal): Promise<void> {
  const width = Math.max(1, layout.shape.at(-1) ?? 1)
  const count = elementCount(layout.shape)
  const perPiece = width * Math.max(1, Math.floor(pieceBytes / (4 * width)))
  const memory = [0, 1].map(() => new Float32Array(Math.min(perPiece, count)))
  await readPieces(
    layout,
    [count, perPiece],
    (start) => memory[(start / perPiece) % 2].subarray(0, Math.min(perPiece, count - start)),
    (start, end) => onRows(memory[(start / perPiece) % 2].subarray(0, end - start), start / width),
    signal
  )
}

/**
 * Reads `count` values in pieces, each into its place, the next one while the last is worked on. Float32 values go
 * straight there; other types pass through one of two pieces of memory.
 */
async function readPieces(
  layout: PackedTensor,
  [count, perPiece]: readonly [number, number],
  placeOf: (start: number) => Float32Array,
  onPiece: (start: number, end: number) => Promise<void> | undefined,
  signal?: AbortSignal
): Promise<void> {
  const { dtype, file: path, offset } = layout
  const sum = layout.sum?.()
  const width = elementBytes(dtype)
  const passage = dtype === 'F32' ? 0 : Math.min(perPiece, count) * width
  const passages = [new Uint8Array(passage), new Uint8Array(passage)]
  await withFile(path, async (file) => {
    const readPiece = async (start: number): Promise<Uint8Array> => {
      const length = Math.max(0, Math.min(perPiece, count - start)) * width
      const { buffer, byteOffset } = placeOf(start)
      const bytes =
        dtype === 'F32'
          ? new Uint8Array(buffer, byteOffset, length)
          : passages[(start / perPiece) % 2].subarray(0, length)
      await readInto(file, bytes, offset + start * width, path, signal)
      return bytes
    }
    let next = readPiece(0)
    try {
      for (let start = 0; start < count; start += perPiece) {
        const bytes = await next
        sum?.update(bytes)
        // None is begun behind the last; one that fails is heard of where it is awaited, and of no interest after an error.
        if (start + perPiece < count) next = readPiece(start + perPiece)
        next.catch(() => {})
        if (dtype !== 'F32') convertToFloat32(dtype, bytes, placeOf(start))
        await onPiece(start, Math.min(start + perPiece, count))
      }
    } finally {
      // The file stays open until the last read has come to its end.
      await Promise.allSettled([next])
    }
  })
  sum?.end()
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
