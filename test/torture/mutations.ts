/** Ways to damage a file: each a plan that makes other bytes for each seed, the same for the same one. */
import { type IndexSource, seededIndices } from '#engine/common/random/seeded-random.ts'

type Plan = (bytes: Buffer, pick: IndexSource) => Buffer

/** A range of at least one byte. */
function range(bytes: Buffer, pick: IndexSource, longest = bytes.length): [number, number] {
  const start = pick(Math.max(1, bytes.length))
  return [start, Math.min(bytes.length, start + 1 + pick(Math.max(1, longest)))]
}

function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes)
  if (copy.length > 0) change(copy)
  return copy
}

function spliced(bytes: Buffer, at: number, removed: number, added: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)])
}

function flip(copy: Buffer, at: number, bit: number): void {
  copy[at] ^= 1 << bit
}

/** Written over a place as little-endian numbers of 1, 2, 4 or 8 bytes: where sizes, counts and offsets are cut. */
const extremes = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fff_ffffn,
  0xffff_ffffn,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 64n - 1n
]

/** Put in place of a number or a text of JSON, YAML, CSV and Python's literals. */
const extremeTexts = [
  '-1',
  '0',
  '1e999',
  '99999999999999999999',
  '0.1',
  'null',
  'true',
  '""',
  '[]',
  '{}',
  'NaN',
  '"constructor"',
  '"__proto__"'
]

const plans = {
  truncate: (bytes, pick) => bytes.subarray(0, pick(bytes.length + 1)),
  'cut the beginning': (bytes, pick) => bytes.subarray(pick(Math.min(64, bytes.length) + 1)),
  'flip a bit': (bytes, pick) => changed(bytes, (copy) => flip(copy, pick(copy.length), pick(8))),
  'flip many bits': (bytes, pick) =>
    changed(bytes, (copy) => {
      for (let i = 0; i <= copy.length / 100; i++) flip(copy, pick(copy.length), pick(8))
    }),
  'flip a bit of the beginning': (bytes, pick) =>
    changed(bytes, (copy) => flip(copy, pick(Math.min(256, copy.length)), pick(8))),
  'zero a range': (bytes, pick) => changed(bytes, (copy) => copy.fill(0, ...range(copy, pick))),
  'fill a range': (bytes, pick) => changed(bytes, (copy) => copy.fill(0xff, ...range(copy, pick, 64))),
  'remove a range': (bytes, pick) => {
    const [start, end] = range(bytes, pick)
    return spliced(bytes, start, end - start, Buffer.alloc(0))
  },
  'repeat a range': (bytes, pick) => {
    const [start, end] = range(bytes, pick, 512)
    const times = 1 + pick(200)
    return spliced(
      bytes,
      end,
      0,
      Buffer.concat(Array.from({ length: times }, () => bytes.subarray(start, end)))
    )
  },
  'move a range': (bytes, pick) => {
    const [start, end] = range(bytes, pick, 512)
    const without = spliced(bytes, start, end - start, Buffer.alloc(0))
    return spliced(without, pick(without.length + 1), 0, bytes.subarray(start, end))
  },
  'insert noise': (bytes, pick) =>
    spliced(
      bytes,
      pick(bytes.length + 1),
      0,
      Uint8Array.from({ length: 1 + pick(64) }, () => pick(256))
    ),
  'write an extreme number': (bytes, pick) =>
    changed(bytes, (copy) => {
      const width = [1, 2, 4, 8][pick(4)]
      const number = Buffer.alloc(8)
      number.writeBigUInt64LE(BigInt.asUintN(64, extremes[pick(extremes.length)]))
      number.copy(copy, pick(copy.length), 0, width)
    }),
  'write an extreme number into the beginning': (bytes, pick) =>
    changed(bytes, (copy) => {
      const number = Buffer.alloc(8)
      number.writeBigUInt64LE(BigInt.asUintN(64, extremes[pick(extremes.length)]))
      number.copy(copy, pick(Math.min(64, copy.length)), 0, [1, 2, 4, 8][pick(4)])
    }),
  'replace a value of text': (bytes, pick) =>
    replaceValue(bytes, pick, extremeTexts[pick(extremeTexts.length)]),
  'replace a value by a long one': (bytes, pick) =>
    replaceValue(
      bytes,
      pick,
      ['9', '[', '"a', '(a+)+', '\\', ' ', '{"a":'][pick(7)].repeat(1 + pick(50_000))
    ),
  'swap halves': (bytes) => {
    const half = bytes.length >> 1
    return Buffer.concat([bytes.subarray(half), bytes.subarray(0, half)])
  },
  'add noise at the end': (bytes, pick) =>
    Buffer.concat([bytes, Uint8Array.from({ length: 1 + pick(1024) }, () => pick(256))]),
  'all noise': (bytes, pick) =>
    Buffer.from(Uint8Array.from({ length: Math.min(bytes.length, 4096) }, () => pick(256))),
  'break UTF-8': (bytes, pick) => spliced(bytes, pick(bytes.length + 1), 0, Buffer.from([0xc3, 0x28, 0xff])),
  'escape a control character': (bytes, pick) =>
    spliced(bytes, pick(bytes.length + 1), 0, Buffer.from('\u001b]0;owned\u0007'))
} satisfies Record<string, Plan>

/** Another text for one number, word or text in quotes. */
function replaceValue(bytes: Buffer, pick: IndexSource, value: string): Buffer {
  const text = bytes.toString('latin1', 0, 200_000)
  const places = [...text.matchAll(/-?\d[\d.]{0,20}|"[^"\n]{0,60}"|\b(?:true|false|null)\b/g)]
  const place = places[pick(Math.max(1, places.length))]
  return place === undefined
    ? bytes
    : spliced(bytes, place.index, place[0].length, Buffer.from(value, 'latin1'))
}

export const planNames: readonly string[] = Object.keys(plans)

/** The bytes damaged by a plan. @throws for a plan that is not there */
export function damaged(bytes: Buffer, plan: string, seed: number): Buffer {
  const found: Plan | undefined = new Map<string, Plan>(Object.entries(plans)).get(plan)
  if (found === undefined) throw new Error(`there is no plan ${plan}`)
  return found(bytes, seededIndices(seed))
}
