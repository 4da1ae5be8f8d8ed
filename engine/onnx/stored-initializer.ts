/**
 * Where the values of an initializer lie, and how they are read: from the file at their offset, without the
 * rest of the model, or from the message itself where they are few.
 */
import { join } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { convertToFloat32, elementBytes, isFloatingPoint, packedBytes } from '#engine/files/element-types.ts'
import { allocateValues, elementCount, packedTensor, type StoredTensor } from '#engine/files/stored-tensor.ts'
import type { TensorProto } from './messages.ts'
import { externalLocation } from './schema.ts'

/** TensorProto.DataType in the spelling of safetensors; the few types that it lacks are not here. */
const dtypes: ReadonlyMap<number, string> = new Map([
  [1, 'F32'],
  [2, 'U8'],
  [3, 'I8'],
  [4, 'U16'],
  [5, 'I16'],
  [6, 'I32'],
  [7, 'I64'],
  [9, 'BOOL'],
  [10, 'F16'],
  [11, 'F64'],
  [12, 'U32'],
  [13, 'U64'],
  [16, 'BF16']
])

export function dtypeOf(tensor: TensorProto): string | undefined {
  return dtypes.get(tensor.dataType)
}

const numbers: ReadonlyMap<string, number> = new Map([...dtypes].map(([number, dtype]) => [dtype, number]))

/**
 * An initializer whose values lie in a file; undefined for a type that ONNX has no floating-point number for.
 * @param location of the file, relative to the folder of external data, with `/` between its parts
 */
export function externalTensor({
  name,
  dtype,
  shape,
  location,
  offset,
  length
}: {
  name: string
  dtype: string
  shape: readonly number[]
  location: string
  offset: number
  length: number
}): TensorProto | undefined {
  const dataType = isFloatingPoint(dtype) ? numbers.get(dtype) : undefined
  if (dataType === undefined) return undefined
  const externalData = Object.entries({ location, offset, length }).map(([key, value]) => ({
    key,
    value: String(value)
  }))
  return { name, dims: shape.map(BigInt), dataType, dataLocation: externalLocation, externalData }
}

/** The sizes of a tensor; an initializer has them all. */
export function shapeOf(tensor: TensorProto): number[] {
  return tensor.dims.map(Number)
}

/** Bytes that the values take when they are packed; undefined for a type of unknown width. */
export function tensorBytes(tensor: TensorProto): number | undefined {
  const dtype = dtypeOf(tensor)
  return dtype === undefined ? undefined : packedBytes(dtype, elementCount(shapeOf(tensor)))
}

/** The file, and the byte in it, where the values of an external tensor begin; undefined for one in memory. */
export function placeOf(tensor: TensorProto, folder: string): { file: string; offset: number } | undefined {
  if (tensor.dataLocation !== externalLocation) return undefined
  const entry = (key: string) => tensor.externalData?.find((candidate) => candidate.key === key)?.value
  return { file: join(folder, entry('location') ?? ''), offset: Number(entry('offset') ?? 0) }
}

/** How many values the message itself holds, and the conversion of those to float32. */
type HeldValues = { readonly count: number; readonly convert: (target: Float32Array) => void }

function heldValues(tensor: TensorProto, dtype: string): HeldValues {
  const { rawData, floatData, int32Data = [], int64Data, doubleData } = tensor
  // In the message, halves are listed as whole numbers that hold their bits.
  const isHalf = dtype === 'F16' || dtype === 'BF16'
  const bytes = rawData ?? (isHalf ? new Uint8Array(Uint16Array.from(int32Data).buffer) : undefined)
  if (bytes !== undefined) {
    const count = bytes.byteLength / elementBytes(dtype)
    return { count, convert: (target) => convertToFloat32(dtype, bytes, target) }
  }
  const listed = [floatData, int32Data, int64Data, doubleData].find((list) => list && list.length > 0) ?? []
  return {
    count: listed.length,
    convert: (target) => {
      for (let i = 0; i < target.length; i++) target[i] = Number(listed[i])
    }
  }
}

/** Reads what the message itself holds, as float32. */
function readHeld(stored: Omit<StoredTensor, 'read'>, tensor: TensorProto): Float32Array {
  const { count, convert } = heldValues(tensor, stored.dtype)
  if (count !== elementCount(stored.shape)) {
    throw new AnchorageError('file-malformed', 'A tensor of the model holds another number of values.', {
      where: `${stored.file}, tensor ${stored.name}`,
      found: `${count} values`,
      expected: `${stored.shape.join(' × ')} values`,
      next: 'Export the model again.'
    })
  }
  const values = allocateValues(stored)
  convert(values)
  return values
}

/**
 * An initializer as a stored tensor: described now, its values read when they are wanted, from wherever they
 * lie. A type that can't be read is refused on reading.
 * @param model the file that {@link readModelFile} answered with
 */
export function storedInitializer(
  tensor: TensorProto,
  model: { readonly path: string; readonly folder: string }
): StoredTensor {
  const described = {
    name: tensor.name,
    dtype: dtypeOf(tensor) ?? `ONNX type ${tensor.dataType}`,
    shape: shapeOf(tensor)
  }
  const place = placeOf(tensor, model.folder)
  if (place !== undefined) return packedTensor({ ...described, ...place })
  const stored = { ...described, file: model.path }
  return {
    ...stored,
    read: async (_, onValues) => {
      const values = readHeld(stored, tensor)
      await onValues?.(values, values.length)
      return values
    }
  }
}
