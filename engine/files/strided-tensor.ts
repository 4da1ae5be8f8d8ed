/**
 * Tensors as torch stores them: views on a storage, with an offset and a stride per dimension. A view
 * in row-major order is read like any packed tensor; others (a transposed table) are gathered.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type Checksum, checkRange } from './checksum.ts'
import { convertToFloat32, elementBytes, packedBytes } from './element-types.ts'
import { readInto, withFile } from './read-range.ts'
import {
  allocateValues,
  elementCount,
  type OnValues,
  packedTensor,
  type StoredTensor
} from './stored-tensor.ts'
import type { TorchTensor } from './torch-pickle.ts'

/** Where the bytes of a storage lie, and a new sum over them where the file has one. */
export type StorageRange = {
  readonly offset: number
  readonly bytes: number
  readonly sum?: (() => Checksum) | undefined
}

/**
 * A tensor of a torch file as a stored tensor.
 * A view that repeats elements, whose size the file does not vouch for, is `unsupported` when read.
 * @throws `file-malformed` where the view leaves its storage.
 */
export function stridedTensor(
  file: string,
  name: string,
  tensor: TorchTensor,
  storage: StorageRange
): StoredTensor {
  const { dtype, shape, strides, offset } = tensor
  const count = elementCount(shape)
  const span = count === 0 ? 0 : 1 + shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis], 0)
  const end = packedBytes(dtype, offset + span)
  if (end === undefined || end > storage.bytes) {
    throw new AnchorageError('file-malformed', 'A tensor reaches beyond its storage.', {
      where: `${file}, tensor ${name}`,
      found: `${dtype} [${shape.join(', ')}] from element ${offset} in ${storage.bytes} bytes`,
      expected: end === undefined ? 'a type that torch names' : `a storage of at least ${end} bytes`,
      next: 'The file is damaged: fetch or save it again.'
    })
  }
  const start = storage.offset + (packedBytes(dtype, offset) ?? 0)
  const isWhole = start === storage.offset && end === storage.bytes
  if (isRowMajor(shape, strides)) {
    const packed = packedTensor({
      name,
      dtype,
      shape,
      file,
      offset: start,
      sum: isWhole ? storage.sum : undefined
    })
    return isWhole ? packed : checkedFirst(packed, storage)
  }
  const read = async (signal?: AbortSignal, onValues?: OnValues): Promise<Float32Array> => {
    if (count > span) throw repeated(file, name, tensor)
    const values = allocateValues({ name, file, shape })
    const stored = new Float32Array(span)
    const bytes = new Uint8Array(span * elementBytes(dtype))
    await withFile(file, (handle) => readInto(handle, bytes, start, file, signal))
    convertToFloat32(dtype, bytes, stored)
    gather(stored, shape, strides, values)
    await onValues?.(values, values.length)
    return values
  }
  return checkedFirst({ name, dtype, shape, file, read }, storage)
}

/** A view on a part of a storage, of which the file has a sum over the whole alone. */
function checkedFirst(tensor: StoredTensor, storage: StorageRange): StoredTensor {
  const { sum } = storage
  if (sum === undefined) return tensor
  const { visit, ...described } = tensor
  const check = (): Promise<void> => checkRange(tensor.file, storage, sum())
  return {
    ...described,
    read: async (signal, onValues) => {
      await check()
      return await tensor.read(signal, onValues)
    },
    ...(visit && {
      visit: async (onRows, signal) => {
        await check()
        await visit(onRows, signal)
      }
    })
  }
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false
    expected *= shape[axis]
  }
  return true
}

/** Row-major values of a strided view, by an index that counts like an odometer. */
function gather(
  stored: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
  values: Float32Array
): void {
  const index = shape.map(() => 0)
  let at = 0
  for (let i = 0; i < values.length; i++) {
    values[i] = stored[at]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]
      if (++index[axis] < shape[axis]) break
      at -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
}

function repeated(file: string, name: string, tensor: TorchTensor): AnchorageError {
  return new AnchorageError('unsupported', 'A tensor repeats elements of its storage.', {
    where: `${file}, tensor ${name}`,
    found: `shape [${tensor.shape.join(', ')}] with strides [${tensor.strides.join(', ')}]`,
    expected: 'an element of the storage for each value',
    next: 'Save the tensor with .contiguous() in PyTorch.'
  })
}
