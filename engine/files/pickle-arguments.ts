/** The arguments that follow an opcode in a pickle: numbers, texts and bytes in their encodings. */
import { PickleEnd, PickleFault } from './pickle-end.ts'

/** Where a reader stands in the bytes of a pickle. */
export type PickleCursor = {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
  /** The file, for errors. */
  readonly where: string
}

type Read = (cursor: PickleCursor) => unknown

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const latin = new TextDecoder('latin1')

function utf8(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    throw new PickleFault('a text that is not UTF-8')
  }
}

/** Bytes of the longest number that is read: the magic number of torch has ten. */
const longestInteger = 255

const readers = {
  uint8: (cursor) => cursor.bytes[advance(cursor, 1)],
  uint16: (cursor) => cursor.view.getUint16(advance(cursor, 2), true),
  uint32: (cursor) => cursor.view.getUint32(advance(cursor, 4), true),
  int32: (cursor) => cursor.view.getInt32(advance(cursor, 4), true),
  uint64: (cursor) => Number(cursor.view.getBigUint64(advance(cursor, 8), true)),
  /** Big-endian, unlike all else. */
  float64: (cursor) => cursor.view.getFloat64(advance(cursor, 8)),
  long1: (cursor) => integer(counted(cursor, 1)),
  long4: (cursor) => integer(shortNumber(counted(cursor, 4))),
  text1: (cursor) => utf8(counted(cursor, 1)),
  text4: (cursor) => utf8(counted(cursor, 4)),
  text8: (cursor) => utf8(counted(cursor, 8)),
  latin1: (cursor) => latin.decode(counted(cursor, 1)),
  latin4: (cursor) => latin.decode(counted(cursor, 4)),
  bytes1: (cursor) => counted(cursor, 1).slice(),
  bytes4: (cursor) => counted(cursor, 4).slice(),
  bytes8: (cursor) => counted(cursor, 8).slice(),
  'text-line': (cursor) => utf8(line(cursor)),
  'float-line': (cursor) => Number(utf8(line(cursor))),
  'decimal-line': (cursor) => decimal(utf8(line(cursor)))
} satisfies Record<string, Read>

export type PickleArgument = keyof typeof readers

/** Reads one argument and moves the cursor behind it. @throws PickleEnd where the bytes end before. */
export function readArgument(cursor: PickleCursor, kind: PickleArgument): unknown {
  return readers[kind](cursor)
}

/** Moves the cursor over `count` bytes and returns where they begin. */
function advance(cursor: PickleCursor, count: number): number {
  const start = cursor.at
  if (count > cursor.bytes.byteLength - start) throw new PickleEnd()
  cursor.at = start + count
  return start
}

/** The bytes after a little-endian count of 1, 4 or 8 bytes; a view, not a copy. */
function counted(cursor: PickleCursor, width: 1 | 4 | 8): Uint8Array {
  const count =
    width === 1 ? readers.uint8(cursor) : width === 4 ? readers.uint32(cursor) : readers.uint64(cursor)
  const start = advance(cursor, count)
  return cursor.bytes.subarray(start, start + count)
}

/** The bytes up to the next line feed. */
function line(cursor: PickleCursor): Uint8Array {
  const start = cursor.at
  const end = cursor.bytes.indexOf(0x0a, start)
  if (end < 0) throw new PickleEnd()
  cursor.at = end + 1
  return cursor.bytes.subarray(start, end)
}

function shortNumber(bytes: Uint8Array): Uint8Array {
  if (bytes.length > longestInteger) throw new PickleFault(`a number of ${bytes.length} bytes`)
  return bytes
}

/** A little-endian two's complement number; a bigint where a number would not be exact. */
function integer(bytes: Uint8Array): number | bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i])
  if (bytes.length > 0 && bytes[bytes.length - 1] >= 0x80) value -= 1n << BigInt(8 * bytes.length)
  return exactNumber(value)
}

/** The text forms of protocol 0: `12`, `12L`, and `00`, `01` for false and true. */
function decimal(text: string): number | bigint | boolean {
  if (text === '00' || text === '01') return text === '01'
  const digits = text.replace(/L$/, '')
  return /^-?\d{1,40}$/.test(digits) ? exactNumber(BigInt(digits)) : Number.NaN
}

function exactNumber(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
