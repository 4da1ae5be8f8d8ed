/**
 * Model bytes to typed messages and back. protobufjs does the wire format; here its messages become plain
 * data: 64-bit integers as `bigint`, stated defaults filled in, undescribed fields kept.
 */
import protobuf from 'protobufjs'
import { AnchorageError, messageOf } from '#engine/common/contract/errors.ts'
import type { ModelProto } from './messages.ts'
import { onnxSchema } from './schema.ts'

type Fields = { [name: string]: unknown; $unknowns?: unknown }

const modelType = onnxSchema.lookupType('ModelProto')

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

/** How the values of a message change when it is copied; `undefined` leaves a field out. */
type Conversion = {
  scalar: (field: protobuf.Field, value: unknown) => unknown
  absent: (field: protobuf.Field) => unknown
}

/** Copies a message field by field; bytes are passed on by reference. */
function convertMessage(type: protobuf.Type, message: Fields, conversion: Conversion): Fields {
  const converted: Fields = {}
  const convertValue = (field: protobuf.Field, value: unknown): unknown =>
    field.resolvedType instanceof protobuf.Type && isFields(value)
      ? convertMessage(field.resolvedType, value, conversion)
      : conversion.scalar(field, value)
  for (const reflected of type.fieldsArray) {
    const field = reflected.resolve()
    const value = Object.hasOwn(message, field.name) ? message[field.name] : undefined
    let result: unknown
    if (value === undefined || value === null) result = conversion.absent(field)
    else if (Array.isArray(value)) result = value.map((element) => convertValue(field, element))
    else result = convertValue(field, value)
    if (result !== undefined) converted[field.name] = result
  }
  if (Object.hasOwn(message, '$unknowns')) converted.$unknowns = message.$unknowns
  return converted
}

/** protobufjs reads 64-bit integers as Long objects. */
function fromWire(field: protobuf.Field, value: unknown): unknown {
  return field.type === 'int64' ? BigInt(String(value)) : value
}

function statedDefault(field: protobuf.Field): unknown {
  return field.options?.['default'] === undefined ? undefined : fromWire(field, field.defaultValue)
}

const reading: Conversion = { scalar: fromWire, absent: statedDefault }

/** protobufjs writes 64-bit integers from decimal text; what equals a stated default is not written. */
const writing: Conversion = {
  scalar: (field, value) => {
    if (!field.repeated && value === statedDefault(field)) return undefined
    return field.type === 'int64' ? String(value) : value
  },
  absent: () => undefined
}

function isModel(value: Fields): value is ModelProto {
  return isFields(value['graph']) && Array.isArray(value['opsetImport'])
}

/**
 * Decodes a model that lies in memory.
 * @param name what to call it in errors, a file for example
 * @throws AnchorageError `file-malformed` when the bytes are not an ONNX model
 */
export function decodeModel(bytes: Uint8Array, name: string): ModelProto {
  // Not a Buffer, whose slices would be views where those of a Uint8Array are copies.
  const plainBytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reader = protobuf.Reader.create(plainBytes)
  reader.discardUnknown = false
  const refuse = (found: string, cause?: unknown): AnchorageError =>
    new AnchorageError(
      'file-malformed',
      `${name} is not an ONNX model.`,
      {
        where: name,
        found,
        expected: 'a protobuf ModelProto with a graph',
        next: 'Check that the file is complete; download or export it again.'
      },
      cause
    )
  let model: Fields
  try {
    const message: unknown = modelType.decode(reader)
    model = isFields(message) ? convertMessage(modelType, message, reading) : {}
  } catch (thrown) {
    throw refuse(messageOf(thrown), thrown)
  }
  if (!isModel(model)) throw refuse('a message without a graph')
  return model
}

/** Encodes a model; the inverse of {@link decodeModel}. */
export function encodeModel(model: ModelProto): Uint8Array {
  return modelType.encode(convertMessage(modelType, model, writing)).finish()
}
