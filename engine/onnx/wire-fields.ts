/**
 * Walks the fields of a protobuf message that lies in a file, reading their headers alone: this is how the
 * place of every weight is found without reading the weights.
 */
import type { FileHandle } from 'node:fs/promises'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { readBytes } from '#engine/files/read-range.ts'

/** One field as it lies in the file: `[start, end)` with its header, the value from `valueStart`. */
export type WireField = {
  readonly number: number
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wireType: number
  readonly start: number
  readonly valueStart: number
  readonly end: number
}

/** Reads small pieces of a file in order, from a window that moves along. */
export type FileWindow = {
  readonly path: string
  /** The bytes `[start, end)`; fewer where the file ends before. */
  readonly slice: (start: number, end: number) => Promise<Uint8Array>
  /** Counts a field that was found. @throws `unsupported` where there are more than any model has */
  readonly countField: () => void
}

const windowBytes = 64 * 1024
/** Fields that are walked: nodes, tensors, and the fields of large tensors. */
const mostFields = 2_000_000
/** A tag and a length take at most ten bytes each. */
const longestHeader = 20

export function fileWindow(file: FileHandle, size: number, path: string): FileWindow {
  let windowStart = 0
  let bytes: Uint8Array = new Uint8Array(0)
  let fields = 0
  return {
    path,
    countField: () => {
      if (++fields > mostFields) throw tooManyFields(path)
    },
    slice: async (start, end) => {
      const last = Math.min(end, size)
      if (start < windowStart || last > windowStart + bytes.length) {
        windowStart = start
        bytes = await readBytes(
          file,
          start,
          Math.min(Math.max(windowBytes, last - start), size - start),
          path
        )
      }
      return bytes.subarray(start - windowStart, last - windowStart)
    }
  }
}

function tooManyFields(path: string): AnchorageError {
  return new AnchorageError('unsupported', 'The ONNX file has too many parts.', {
    where: path,
    found: `more than ${mostFields.toLocaleString('en')} fields`,
    expected: 'the nodes and tensors of one model',
    next: 'Check that this is the file that was meant.'
  })
}

function malformed(path: string, at: number, found: string, expected: string): AnchorageError {
  return new AnchorageError('file-malformed', 'The ONNX file is damaged or incomplete.', {
    where: `${path}, byte ${at}`,
    found,
    expected,
    next: 'Check that the file is complete; download or export it again.'
  })
}

/** A varint at `at` of `bytes` and where it ends; undefined where it runs past the bytes or 64 bits. */
function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  let value = 0
  for (let i = 0; i < 10 && at + i < bytes.length; i++) {
    const byte = bytes[at + i]
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, next: at + i + 1 }
  }
  return undefined
}

/** How many bytes the value of a field takes, behind its tag; undefined for a wire type that ONNX lacks. */
function valueExtent(
  wireType: number,
  header: Uint8Array,
  at: number
): [start: number, end: number] | undefined {
  if (wireType === 1) return [at, at + 8]
  if (wireType === 5) return [at, at + 4]
  const varint = readVarint(header, at)
  if (varint === undefined) return undefined
  if (wireType === 0) return [at, varint.next]
  return wireType === 2 ? [varint.next, varint.next + varint.value] : undefined
}

/**
 * The fields of the message in `[start, end)`, in order.
 * @throws AnchorageError `file-malformed` where a field reaches beyond its message, before its bytes are read
 */
export async function* wireFields(window: FileWindow, start: number, end: number): AsyncGenerator<WireField> {
  let at = start
  while (at < end) {
    const header = await window.slice(at, Math.min(at + longestHeader, end))
    const tag = readVarint(header, 0)
    const wireType = (tag?.value ?? 0) % 8
    const extent = tag && valueExtent(wireType, header, tag.next)
    if (tag === undefined || extent === undefined || tag.value < 8)
      throw malformed(window.path, at, 'bytes that are no protobuf field', 'an ONNX model')
    const [valueStart, valueEnd] = [at + extent[0], at + extent[1]]
    if (valueEnd > end)
      throw malformed(
        window.path,
        at,
        `a field of ${valueEnd - valueStart} bytes`,
        `at most ${end - valueStart} bytes`
      )
    window.countField()
    yield { number: Math.floor(tag.value / 8), wireType, start: at, valueStart, end: valueEnd }
    at = valueEnd
  }
}
