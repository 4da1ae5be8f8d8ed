/**
 * Messages as bytes, for connections that carry nothing else: a small framing of our own. A frame is the length
 * of a JSON text (uint32), that text, and then the numbers of every typed array as they lie in memory (little
 * endian, each at a multiple of 8). In the text a typed array stands as `{"$array": index}`, and a number that
 * JSON doesn't know (NaN, the infinities, -0) as `{"$number": text}`.
 */
import { z } from 'zod'
import { describeIssues } from '#engine/common/contract/describe-issues.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { parseJson } from '#engine/common/files/json-text.ts'

const arrayTypes = {
  Float32Array,
  Float64Array,
  Int32Array,
  Uint32Array,
  Uint8Array
} as const
type ArrayType = keyof typeof arrayTypes
type NumberArray = InstanceType<(typeof arrayTypes)[ArrayType]>

const textSchema = z.object({
  message: z.unknown(),
  arrays: z.array(
    z.object({
      type: z.enum(['Float32Array', 'Float64Array', 'Int32Array', 'Uint32Array', 'Uint8Array']),
      length: z.int().nonnegative()
    })
  )
})

const lengthBytes = 4

/** The next multiple of 8: where typed arrays of every kind may begin. */
function aligned(offset: number): number {
  return Math.ceil(offset / 8) * 8
}

function typeOf(array: object): ArrayType | undefined {
  const name = Object.prototype.toString.call(array).slice('[object '.length, -1)
  return textSchema.shape.arrays.element.shape.type.safeParse(name).data
}

function isNumberArray(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && typeOf(value) !== undefined
}

type Replace = (value: unknown) => { with: unknown } | undefined

/**
 * Plain data in which `replace` has had its way with every value that it answers for. What holds none of these is the
 * very same object: lists of thousands of runs hold none.
 */
function rebuild(value: unknown, replace: Replace): unknown {
  const replaced = replace(value)
  if (replaced !== undefined) return replaced.with
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? rebuildList(value, replace) : rebuildObject(value, replace)
}

function rebuildList(list: readonly unknown[], replace: Replace): readonly unknown[] {
  let copy: unknown[] | null = null
  for (const [at, item] of list.entries()) {
    const rebuilt = rebuild(item, replace)
    if (Object.is(rebuilt, item)) continue
    copy ??= [...list]
    copy[at] = rebuilt
  }
  return copy ?? list
}

function rebuildObject(object: object, replace: Replace): object {
  let copy: Map<string, unknown> | null = null
  for (const [key, item] of Object.entries(object)) {
    const rebuilt = rebuild(item, replace)
    if (Object.is(rebuilt, item)) continue
    copy ??= new Map(Object.entries(object))
    copy.set(key, rebuilt)
  }
  return copy === null ? object : Object.fromEntries(copy)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Array.isArray(value)
}

function refuse(found: string): never {
  throw new TypeError(`${found} cannot be sent as a message.`)
}

/** What stands in the text for a value that JSON can't hold. */
function placeholder(value: unknown, arrays: NumberArray[]): { with: unknown } | undefined {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    return refuse(`A ${typeof value}`)
  }
  if (typeof value === 'number') {
    const isJson = Number.isFinite(value) && !Object.is(value, -0)
    return isJson ? undefined : { with: { $number: Object.is(value, -0) ? '-0' : String(value) } }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (isNumberArray(value)) return { with: { $array: arrays.push(value) - 1 } }
  if (!isPlain(value)) return refuse(`An object of the class ${value.constructor.name}`)
  return '$array' in value || '$number' in value
    ? refuse('An object with the key $array or $number')
    : undefined
}

/**
 * A message as one frame. Throws a TypeError for what can't be sent: functions, instances of classes, typed
 * arrays of other kinds, circular data (a RangeError).
 */
export function encodeFrame(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: NumberArray[] = []
  const rebuilt = rebuild(message, (value) => placeholder(value, arrays))
  const described = arrays.map((array) => ({ type: typeOf(array), length: array.length }))
  const text = new TextEncoder().encode(JSON.stringify({ message: rebuilt, arrays: described }))
  const start = aligned(lengthBytes + text.length)
  const frame = new Uint8Array(arrays.reduce((end, array) => aligned(end + array.byteLength), start))
  new DataView(frame.buffer).setUint32(0, text.length, true)
  frame.set(text, lengthBytes)
  let offset = start
  for (const array of arrays) {
    frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset)
    offset = aligned(offset + array.byteLength)
  }
  return frame
}

function malformed(found: string, expected: string): AnchorageError {
  return new AnchorageError('internal', 'A message could not be read.', { found, expected })
}

/** The text, whether anything in it stands for something else, and where the arrays begin. */
function readText(frame: Uint8Array): {
  text: z.output<typeof textSchema>
  hasPlaceholders: boolean
  end: number
} {
  if (frame.length < lengthBytes) throw malformed(`${frame.length} bytes`, 'at least 4 bytes')
  const length = new DataView(frame.buffer, frame.byteOffset, lengthBytes).getUint32(0, true)
  const end = lengthBytes + length
  if (end > frame.length)
    throw malformed(`a text of ${length} bytes`, `at most ${frame.length - lengthBytes}`)
  let json: unknown
  let hasPlaceholders: boolean
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(frame.subarray(lengthBytes, end))
    json = parseJson(text, 'message', 'The message is not JSON.')
    hasPlaceholders = text.includes('"$array"') || text.includes('"$number"')
  } catch {
    throw malformed('a text that is not JSON, or nested too deeply', 'JSON in UTF-8')
  }
  const checked = textSchema.safeParse(json)
  if (!checked.success) throw malformed(describeIssues(checked.error), 'a message and its arrays')
  return { text: checked.data, hasPlaceholders, end: aligned(end) }
}

/** The message of a frame; its arrays are copies. Throws `internal` for bytes that are no frame. */
export function decodeFrame(frame: Uint8Array): unknown {
  const { text, hasPlaceholders, end } = readText(frame)
  let offset = end
  const arrays = text.arrays.map(({ type, length }) => {
    const Type = arrayTypes[type]
    const bytes = length * Type.BYTES_PER_ELEMENT
    if (offset + bytes > frame.length) throw malformed(`${frame.length} bytes`, `${offset + bytes} bytes`)
    const array = new Type(frame.slice(offset, offset + bytes).buffer)
    offset = aligned(offset + bytes)
    return array
  })
  // Of lists of thousands of runs every value would be looked at for nothing.
  if (!hasPlaceholders) return text.message
  return rebuild(text.message, (value) => {
    if (typeof value !== 'object' || value === null) return undefined
    if ('$number' in value) return { with: Number(value.$number) }
    if (!('$array' in value)) return undefined
    const array = typeof value.$array === 'number' ? arrays[value.$array] : undefined
    if (array === undefined) throw malformed(`array ${String(value.$array)}`, `${arrays.length} arrays`)
    return { with: array }
  })
}
