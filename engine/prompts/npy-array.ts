/**
 * NumPy's array format: magic, version, header length, a Python dictionary literal with type, order and
 * shape, then the values. The header is read with patterns, never evaluated; arrays of objects (pickles)
 * are refused.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { convertToFloat32, elementBytes, isFloatingPoint } from '#engine/files/element-types.ts'
import { elementCount } from '#engine/files/stored-tensor.ts'

/** Bytes from the start that hold any header NumPy itself would read (it refuses over 10,000). */
export const longestNpyHeader = 12 + 10_000

export type NpyLayout = {
  /** `F16`, `F32`, `F64` as in safetensors, or NumPy's own spelling of a type that can't be a prompt. */
  dtype: string
  bigEndian: boolean
  /** Column-major. */
  fortranOrder: boolean
  shape: number[]
  /** Byte at which the values begin. */
  dataStart: number
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

function malformed(where: string, found: string, expected: string): AnchorageError {
  return new AnchorageError('file-malformed', 'The NumPy array is damaged.', {
    where,
    found,
    expected,
    next: 'The copy is incomplete or was made wrongly: save it again with numpy.save.'
  })
}

/** Reads the header of an array; `start` holds its first {@link longestNpyHeader} bytes, or all of it. */
export function readNpyLayout(start: Uint8Array, where: string): NpyLayout {
  if (start.length < 10 || magic.some((byte, index) => start[index] !== byte)) {
    throw malformed(where, 'other first bytes', 'the bytes \\x93NUMPY and a version')
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  const major = start[6]
  if (major < 1 || major > 3 || (major > 1 && start.length < 12)) {
    throw malformed(where, `version ${major}`, 'version 1, 2 or 3 of the format')
  }
  const headerStart = major === 1 ? 10 : 12
  const headerLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  const dataStart = headerStart + headerLength
  if (dataStart > start.length) {
    throw malformed(
      where,
      `a header length of ${headerLength.toLocaleString('en')} bytes`,
      `at most ${(start.length - headerStart).toLocaleString('en')}`
    )
  }
  const header = new TextDecoder().decode(start.subarray(headerStart, dataStart))
  return { ...readHeaderText(header, where), dataStart }
}

function readHeaderText(header: string, where: string): Omit<NpyLayout, 'dataStart'> {
  const descr = /['"]descr['"]\s*:\s*(\[|['"]([^'"]*)['"])/.exec(header)
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(header)
  const shape = readShape(/['"]shape['"]\s{0,8}:\s{0,8}\(([^()]*)\)/.exec(header)?.[1])
  if (descr === null || order === null || shape === undefined) {
    throw malformed(where, header.slice(0, 120), "a header with 'descr', 'fortran_order' and 'shape'")
  }
  return { ...readElementType(descr[2] ?? 'records'), fortranOrder: order[1] === 'True', shape }
}

/** Bytes that the values take by shape and type; the type is a float's. */
export function dataBytes(layout: NpyLayout): number {
  return elementCount(layout.shape) * elementBytes(layout.dtype)
}

/** Refuses an array whose values are not as many bytes as its header says. */
export function requireDataBytes(layout: NpyLayout, found: number, where: string): void {
  const expected = dataBytes(layout)
  if (found === expected) return
  const bytes = `${found.toLocaleString('en')} bytes of values`
  const { dtype, shape } = layout
  throw malformed(where, bytes, `${expected.toLocaleString('en')} for ${dtype} [${shape.join(', ')}]`)
}

function readShape(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined
  const sizes = text
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
  return sizes.every((size) => /^\d{1,15}L?$/.test(size))
    ? sizes.map((size) => Number.parseInt(size, 10))
    : undefined
}

function readElementType(descr: string): { dtype: string; bigEndian: boolean } {
  const match = /^([<>=|]?)f([248])$/.exec(descr)
  if (match === null) return { dtype: descr, bigEndian: false }
  return { dtype: `F${8 * Number(match[2])}`, bigEndian: match[1] === '>' }
}

/** Refuses arrays of other things than floating-point numbers; those of Python objects are pickles. */
export function requireFloats(layout: NpyLayout, where: string): void {
  if (isFloatingPoint(layout.dtype)) return
  const objects = layout.dtype.endsWith('O')
  throw new AnchorageError(
    objects ? 'file-unsafe' : 'unsupported',
    objects ? 'The array holds Python objects.' : 'The array does not hold floating-point numbers.',
    {
      where,
      found: `element type ${layout.dtype}`,
      expected: 'float16, float32 or float64',
      next: objects
        ? 'Such a file is a pickle, which could run code and is never loaded: save the numbers as a float array.'
        : "Convert it in NumPy: numpy.save(path, array.astype('float32'))."
    }
  )
}

/** The values of an array in row-major order; `bytes` are those values alone. */
export function decodeNpyValues(layout: NpyLayout, bytes: Uint8Array): Float32Array {
  const values = new Float32Array(elementCount(layout.shape))
  const littleEndian = layout.bigEndian ? swapBytes(bytes, elementBytes(layout.dtype)) : bytes
  convertToFloat32(layout.dtype, littleEndian, values)
  return layout.fortranOrder ? toRowMajor(values, layout.shape) : values
}

function swapBytes(bytes: Uint8Array, width: number): Uint8Array {
  const swapped = new Uint8Array(bytes.length)
  for (let at = 0; at < bytes.length; at += width) {
    for (let i = 0; i < width; i++) swapped[at + i] = bytes[at + width - 1 - i]
  }
  return swapped
}

/** Column-major values of a matrix in row-major order. */
function toRowMajor(values: Float32Array, shape: number[]): Float32Array {
  const [rows, columns] = shape
  if (shape.length !== 2) return values
  const rowMajor = new Float32Array(values.length)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) rowMajor[i * columns + j] = values[j * rows + i]
  }
  return rowMajor
}

/** A float32 matrix as numpy.save writes it: version 1, row-major, the values from a multiple of 64 bytes. */
export function encodeNpy(rows: number, columns: number, values: Float32Array): Uint8Array {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`
  const dataStart = 64 * Math.ceil((10 + dictionary.length + 1) / 64)
  const header = `${dictionary.padEnd(dataStart - 11)}\n`
  const bytes = new Uint8Array(dataStart + 4 * values.length)
  bytes.set(magic)
  bytes[6] = 1
  new DataView(bytes.buffer).setUint16(8, header.length, true)
  bytes.set(new TextEncoder().encode(header), 10)
  bytes.set(float32Bytes(values), dataStart)
  return bytes
}

/** The little-endian bytes of float32 values, a view. */
export function float32Bytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
