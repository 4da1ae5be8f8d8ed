/**
 * The block formats of GGML (`ggml-quants.c`): so many values share one or two half-precision scales, and those named `_K`
 * share scales of 16 or 32 values among 256. Each function writes the values of one block.
 */
import { halfNumber } from '../element-types.ts'

type Block = {
  /** Values in a block. */
  readonly values: number
  /** Bytes of a block. */
  readonly bytes: number
  /** Bits of a value, for what is told of precision. */
  readonly bits: number
  /** Writes the values of the block at `at` of `source` to `target`, from `to` on. */
  readonly decode: (source: DataView, at: number, target: Float32Array, to: number) => void
}

function half(source: DataView, at: number): number {
  return halfNumber(source.getUint16(at, true))
}

type Nibbles = {
  readonly from: number
  readonly scale: number
  /** The code of 0. */
  readonly zero?: number
  readonly offset?: number
  /** The fifth bits, where the format has them. */
  readonly high?: number
}

/** What each code of a block stands for: computed once for its 32 values. */
const meanings = new Float32Array(32)

/** 32 values in nibbles, the low ones first: `scale · (code − zero) + offset`. */
function nibbles(
  source: DataView,
  { from, scale, zero = 0, offset = 0, high }: Nibbles,
  target: Float32Array,
  to: number
): void {
  const [codes, fifths] = high === undefined ? [16, 0] : [32, high]
  for (let code = 0; code < codes; code++) meanings[code] = Math.fround(scale * (code - zero)) + offset
  for (let i = 0; i < 16; i++) {
    const byte = source.getUint8(from + i)
    target[to + i] = meanings[(byte & 15) | (((fifths >>> i) & 1) << 4)]
    target[to + 16 + i] = meanings[(byte >> 4) | (((fifths >>> (i + 16)) & 1) << 4)]
  }
}

const q4_0: Block['decode'] = (source, at, target, to) =>
  nibbles(source, { from: at + 2, scale: half(source, at), zero: 8 }, target, to)

const q4_1: Block['decode'] = (source, at, target, to) =>
  nibbles(source, { from: at + 4, scale: half(source, at), offset: half(source, at + 2) }, target, to)

const q5_0: Block['decode'] = (source, at, target, to) => {
  const high = source.getUint32(at + 2, true)
  nibbles(source, { from: at + 6, scale: half(source, at), zero: 16, high }, target, to)
}

const q5_1: Block['decode'] = (source, at, target, to) => {
  const high = source.getUint32(at + 4, true)
  const scales = { scale: half(source, at), offset: half(source, at + 2) }
  nibbles(source, { from: at + 8, ...scales, high }, target, to)
}

const q8_0: Block['decode'] = (source, at, target, to) => {
  const scale = half(source, at)
  for (let i = 0; i < 32; i++) target[to + i] = scale * source.getInt8(at + 2 + i)
}

/** Scale and minimum of eight groups of 32 values, six bits each, in 12 bytes. */
function sixBits(source: DataView, at: number, group: number): { scale: number; minimum: number } {
  const byte = (index: number): number => source.getUint8(at + index)
  if (group < 4) return { scale: byte(group) & 63, minimum: byte(group + 4) & 63 }
  const low = byte(group + 4)
  return {
    scale: (low & 15) | ((byte(group - 4) >> 6) << 4),
    minimum: (low >> 4) | ((byte(group) >> 6) << 4)
  }
}

/** Q4_K and Q5_K: scales, then a fifth bit of every value where there is one, then nibbles. */
function fourOrFiveBits(hasFifth: boolean): Block['decode'] {
  const codes = hasFifth ? 48 : 16
  return (source, at, target, to) => {
    const [scaleOfAll, minimumOfAll] = [half(source, at), half(source, at + 2)]
    for (let group = 0; group < 8; group++) {
      const { scale, minimum } = sixBits(source, at + 4, group)
      const [step, least] = [Math.fround(scaleOfAll * scale), Math.fround(minimumOfAll * minimum)]
      for (let i = 0; i < 32; i++) {
        const byte = source.getUint8(at + codes + 32 * (group >> 1) + i)
        const fifth = hasFifth ? ((source.getUint8(at + 16 + i) >> group) & 1) << 4 : 0
        const code = (group % 2 === 0 ? byte & 15 : byte >> 4) | fifth
        target[to + 32 * group + i] = Math.fround(step * code) - least
      }
    }
  }
}

const q6_k: Block['decode'] = (source, at, target, to) => {
  const scaleOfAll = half(source, at + 208)
  for (let group = 0; group < 8; group++) {
    const [part, quarter] = [group >> 2, group % 4]
    for (let i = 0; i < 32; i++) {
      const low = source.getUint8(at + 64 * part + 32 * (quarter % 2) + i)
      const high = (source.getUint8(at + 128 + 32 * part + i) >> (2 * quarter)) & 3
      const code = ((quarter < 2 ? low & 15 : low >> 4) | (high << 4)) - 32
      const scale = source.getInt8(at + 192 + 2 * group + (i >> 4))
      target[to + 32 * group + i] = Math.fround(scaleOfAll * scale) * code
    }
  }
}

/** The formats that are read, by the names that GGML gives them. */
export const blocks: ReadonlyMap<string, Block> = new Map([
  ['Q4_0', { values: 32, bytes: 18, bits: 4, decode: q4_0 }],
  ['Q4_1', { values: 32, bytes: 20, bits: 4, decode: q4_1 }],
  ['Q5_0', { values: 32, bytes: 22, bits: 5, decode: q5_0 }],
  ['Q5_1', { values: 32, bytes: 24, bits: 5, decode: q5_1 }],
  ['Q8_0', { values: 32, bytes: 34, bits: 8, decode: q8_0 }],
  ['Q4_K', { values: 256, bytes: 144, bits: 4, decode: fourOrFiveBits(false) }],
  ['Q5_K', { values: 256, bytes: 176, bits: 5, decode: fourOrFiveBits(true) }],
  ['Q6_K', { values: 256, bytes: 210, bits: 6, decode: q6_k }]
])
