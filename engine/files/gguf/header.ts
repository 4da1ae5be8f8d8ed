/**
 * The header of a GGUF file: settings by name, and where its tensors lie. After `ggml/docs/gguf.md`; versions 2 and 3 differ
 * in nothing that is read here.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { readBytes, withFile } from '../read-range.ts'
import { requireTensorCount, requireTensorName } from '../tensor-limits.ts'
import { parsingSeconds, withinSeconds } from '../time-limit.ts'
import { type HeaderCursor, HeaderTooShort, headerCursor } from './cursor.ts'

/** A setting: a number, a truth value, a text, or a list of them. 64-bit numbers are told as numbers. */
export type GgufValue = number | boolean | string | readonly GgufValue[]

export type GgufTensor = {
  readonly name: string
  /** Row-major, as every other format has it: the file counts axes from the innermost on. */
  readonly shape: readonly number[]
  /** GGML's number of the element type. */
  readonly type: number
  /** The byte of the file where the values begin. */
  readonly offset: number
}

export type GgufHeader = {
  readonly settings: ReadonlyMap<string, GgufValue>
  readonly tensors: readonly GgufTensor[]
  /** Bytes of the header: settings and descriptions of tensors. */
  readonly size: number
}

/** A vocabulary of 262,144 pieces takes some six million bytes. */
const [firstRead, largestHeader] = [2 ** 21, 2 ** 28]

/** Axes of a tensor, and lists inside one another. */
const [mostAxes, deepestList] = [4, 2]

/** Settings and values in their lists, all together: a vocabulary has a text, a score and a kind per piece, and its merges. */
const mostValues = 8_000_000

const [defaultAlignment, largestAlignment] = [32, 2 ** 20]

/** @throws `file-malformed` for a header that says something impossible, `unsupported` for other versions, and beyond limits */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  return await withFile(path, async (file, size) => {
    for (let length = Math.min(size, firstRead); ; length = Math.min(size, 4 * length)) {
      try {
        const bytes = await readBytes(file, 0, length, path)
        return withinSeconds(parsingSeconds, path, () => parseHeader(headerCursor(bytes, path), size, path))
      } catch (thrown) {
        if (!(thrown instanceof HeaderTooShort)) throw thrown
        if (length >= Math.min(size, largestHeader)) throw malformed(path, 'a header that does not end')
      }
    }
  })
}

function malformed(path: string, found: string): AnchorageError {
  return new AnchorageError('file-malformed', 'The GGUF file is damaged.', {
    where: path,
    found,
    expected: 'a header whose sizes fit the file',
    next: 'The copy is probably incomplete: fetch the file again.'
  })
}

function parseHeader(cursor: HeaderCursor, fileSize: number, path: string): GgufHeader {
  cursor.skip(4)
  const version = cursor.uint32()
  if (version !== 2 && version !== 3) {
    throw new AnchorageError('unsupported', 'This version of GGUF is not read.', {
      where: path,
      found: version > 0xffff ? 'a file for big-endian machines' : `version ${version}`,
      expected: 'version 2 or 3, little-endian',
      next: 'Convert the model again with a current llama.cpp.'
    })
  }
  const [tensorCount, settingCount] = [cursor.count(), cursor.count()]
  requireTensorCount(tensorCount, path)
  const left = { path, values: mostValues }
  const settings = new Map<string, GgufValue>()
  for (let index = 0; index < settingCount; index++) {
    const name = cursor.text()
    takeValues(left, 1)
    settings.set(name, readValue(cursor, cursor.uint32(), left, 0))
  }
  const described: GgufTensor[] = []
  for (let index = 0; index < tensorCount; index++) {
    const name = cursor.text()
    requireTensorName(name, path)
    const axes = cursor.uint32()
    if (axes > mostAxes) throw malformed(path, `a tensor ${name} of ${axes} axes`)
    const shape = Array.from({ length: axes }, () => cursor.count()).reverse()
    described.push({ name, shape, type: cursor.uint32(), offset: cursor.count() })
  }
  const alignment = settings.get('general.alignment') ?? defaultAlignment
  const isPossible =
    Number.isInteger(alignment) && Number(alignment) >= 1 && Number(alignment) <= largestAlignment
  if (typeof alignment !== 'number' || !isPossible) throw malformed(path, `an alignment of ${alignment}`)
  const start = Math.ceil(cursor.position() / alignment) * alignment
  const tensors = described.map((tensor) => ({ ...tensor, offset: start + tensor.offset }))
  const beyond = tensors.find(({ offset }) => offset > fileSize)
  if (beyond !== undefined) throw malformed(path, `a tensor ${beyond.name} behind the end of the file`)
  return { settings, tensors, size: cursor.position() }
}

/** What may still come. */
type Left = { readonly path: string; values: number }

/** @throws `unsupported` for more settings and listed values than any model has */
function takeValues(left: Left, count: number): void {
  left.values -= count
  if (left.values >= 0) return
  throw new AnchorageError('unsupported', 'The GGUF file has too many settings.', {
    where: left.path,
    found: `more than ${mostValues.toLocaleString('en')} values`,
    expected: 'the settings and the vocabulary of one model',
    next: 'Check that this is the file that was meant.'
  })
}

function readValue(cursor: HeaderCursor, type: number, left: Left, depth: number): GgufValue {
  switch (type) {
    case 0:
      return cursor.number(1, (view, at) => view.getUint8(at))
    case 1:
      return cursor.number(1, (view, at) => view.getInt8(at))
    case 2:
      return cursor.number(2, (view, at) => view.getUint16(at, true))
    case 3:
      return cursor.number(2, (view, at) => view.getInt16(at, true))
    case 4:
      return cursor.uint32()
    case 5:
      return cursor.number(4, (view, at) => view.getInt32(at, true))
    case 6:
      return cursor.number(4, (view, at) => view.getFloat32(at, true))
    case 7:
      return cursor.number(1, (view, at) => view.getUint8(at)) !== 0
    case 8:
      return cursor.text()
    case 9: {
      const inner = cursor.uint32()
      const count = cursor.count()
      if (depth >= deepestList) throw malformed(left.path, 'lists inside one another')
      takeValues(left, count)
      const values: GgufValue[] = []
      for (let index = 0; index < count; index++) values.push(readValue(cursor, inner, left, depth + 1))
      return values
    }
    case 10:
      return cursor.number(8, (view, at) => Number(view.getBigUint64(at, true)))
    case 11:
      return cursor.number(8, (view, at) => Number(view.getBigInt64(at, true)))
    case 12:
      return cursor.number(8, (view, at) => view.getFloat64(at, true))
    default:
      throw malformed(left.path, `a setting of the type ${type}`)
  }
}
