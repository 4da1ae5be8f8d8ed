/**
 * The element types of tensor files, by their safetensors names, and their conversion to float32.
 * Every format is little-endian, as is every machine that the project runs on.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'

/** Turns `source`, packed elements of one type, into `target.length` float32 values. */
type Convert = (source: DataView, target: Float32Array) => void

type ElementType = { readonly bytes: number; readonly convert: Convert }

function convertEach(bytes: number, read: (source: DataView, at: number) => number): ElementType {
  return {
    bytes,
    convert(source, target) {
      for (let i = 0; i < target.length; i++) target[i] = read(source, i * bytes)
    }
  }
}

/** The 65,536 float16 numbers as float32: a table is several times faster than taking the bits apart. */
let halfNumbers: Float32Array | undefined

function halfPrecisionNumbers(): Float32Array {
  if (halfNumbers !== undefined) return halfNumbers
  const numbers = new Float32Array(65536)
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 0x1f
    const fraction = bits & 0x3ff
    if (exponent === 31) numbers[bits] = fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
    else if (exponent === 0) numbers[bits] = sign * fraction * 2 ** -24
    else numbers[bits] = sign * (1024 + fraction) * 2 ** (exponent - 25)
  }
  halfNumbers = numbers
  return numbers
}

/** The number that 16 bits of half precision stand for. */
export function halfNumber(bits: number): number {
  return halfPrecisionNumbers()[bits]
}

function convertHalves(source: DataView, target: Float32Array): void {
  const numbers = halfPrecisionNumbers()
  const halves = sixteenBits(source, target.length)
  for (let i = 0; i < target.length; i++) target[i] = numbers[halves[i]]
}

/** A bfloat16 is the upper half of a float32. */
function convertBrainFloats(source: DataView, target: Float32Array): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length)
  const halves = sixteenBits(source, target.length)
  for (let i = 0; i < target.length; i++) bits[i] = halves[i] << 16
}

/** `count` elements of 16 bits: a view, which is faster than reading one by one; a copy where they begin at an odd byte. */
function sixteenBits({ buffer, byteOffset }: DataView, count: number): Uint16Array {
  return byteOffset % 2 === 0
    ? new Uint16Array(buffer, byteOffset, count)
    : new Uint16Array(buffer.slice(byteOffset, byteOffset + 2 * count))
}

/** The types that can be read as numbers. */
const elementTypes: ReadonlyMap<string, ElementType> = new Map([
  ['F64', convertEach(8, (source, at) => source.getFloat64(at, true))],
  ['F32', convertEach(4, (source, at) => source.getFloat32(at, true))],
  ['F16', { bytes: 2, convert: convertHalves }],
  ['BF16', { bytes: 2, convert: convertBrainFloats }],
  ['I64', convertEach(8, (source, at) => Number(source.getBigInt64(at, true)))],
  ['U64', convertEach(8, (source, at) => Number(source.getBigUint64(at, true)))],
  ['I32', convertEach(4, (source, at) => source.getInt32(at, true))],
  ['U32', convertEach(4, (source, at) => source.getUint32(at, true))],
  ['I16', convertEach(2, (source, at) => source.getInt16(at, true))],
  ['U16', convertEach(2, (source, at) => source.getUint16(at, true))],
  ['I8', convertEach(1, (source, at) => source.getInt8(at))],
  ['U8', convertEach(1, (source, at) => source.getUint8(at))],
  ['BOOL', convertEach(1, (source, at) => (source.getUint8(at) === 0 ? 0 : 1))]
])

/** Types that occur in files and are listed, but not read: their width in bits. */
const unreadableTypes: ReadonlyMap<string, number> = new Map([
  ['F8_E4M3', 8],
  ['F8_E5M2', 8],
  ['F8_E8M0', 8],
  ['F6_E2M3', 6],
  ['F6_E3M2', 6],
  ['F4', 4],
  ['C64', 64]
])

/** Whether this type holds floating-point numbers: what an embedding or a prompt is stored in. */
export function isFloatingPoint(dtype: string): boolean {
  return dtype === 'F64' || dtype === 'F32' || dtype === 'F16' || dtype === 'BF16'
}

/** Whether this type holds numbers in blocks of a few bits with a scale, as GGUF and quantised graphs have them. */
export function isQuantised(dtype: string): boolean {
  return dtype.endsWith('+ scale') || /^I?Q\d/.test(dtype)
}

/** Bytes that `count` packed elements take, or undefined for a type that is not known. */
export function packedBytes(dtype: string, count: number): number | undefined {
  const bits = elementTypes.has(dtype) ? 8 * elementBytes(dtype) : unreadableTypes.get(dtype)
  return bits === undefined ? undefined : Math.ceil((count * bits) / 8)
}

/** Bytes of one element. @throws `unsupported` for a type that can't be read. */
export function elementBytes(dtype: string): number {
  return requireType(dtype).bytes
}

/** Writes packed elements as float32 over the whole of `target`; `source` holds at least as many. */
export function convertToFloat32(dtype: string, source: Uint8Array, target: Float32Array): void {
  requireType(dtype).convert(new DataView(source.buffer, source.byteOffset, source.byteLength), target)
}

function requireType(dtype: string): ElementType {
  const type = elementTypes.get(dtype)
  if (type !== undefined) return type
  throw new AnchorageError('unsupported', `Values of type ${dtype} can't be read.`, {
    found: dtype,
    expected: [...elementTypes.keys()].join(', '),
    next: 'Convert the file to F32, F16 or BF16.'
  })
}
