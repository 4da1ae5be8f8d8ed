/**
 * The bytes of an ONNX file without its weights: a valid model in which the raw bytes of every large
 * initializer are replaced by external data that says where in the file they lie.
 */
import protobuf from 'protobufjs'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { externalLocation, fieldNumbers } from './schema.ts'
import { type FileWindow, type WireField, wireFields } from './wire-fields.ts'

/** Smaller initializers stay in the model: settings of the graph are among them. */
const smallestExternal = 1024

const lengthDelimited = 2

/** Bytes of a graph without its weights; those of the largest language models take some ten. */
const largestSkeleton = 64 * 2 ** 20

function tooLarge({ path }: FileWindow): AnchorageError {
  return new AnchorageError('unsupported', 'The graph is too large, even without its weights.', {
    where: path,
    found: `more than ${largestSkeleton.toLocaleString('en')} bytes that are not raw weights`,
    expected: 'weights as raw data or external data, and short notes',
    next: 'Export the model again without notes (doc_string) and with its weights as raw or external data.'
  })
}

function tag(number: number, wireType: number): number {
  return number * 8 + wireType
}

/** Puts a message together again from ranges of the file and from parts that replace others. */
async function assemble(
  window: FileWindow,
  start: number,
  end: number,
  replace: (field: WireField) => Promise<Uint8Array | undefined>
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let kept = start
  let bytes = 0
  const keepUpTo = async (at: number): Promise<void> => {
    bytes += Math.max(0, at - kept)
    if (bytes > largestSkeleton) throw tooLarge(window)
    if (at > kept) parts.push((await window.slice(kept, at)).slice())
  }
  for await (const field of wireFields(window, start, end)) {
    const replacement = await replace(field)
    if (replacement === undefined) continue
    await keepUpTo(field.start)
    parts.push(replacement)
    kept = field.end
  }
  await keepUpTo(end)
  return Buffer.concat(parts)
}

/** The fields that say: the bytes of this tensor are `[valueStart, end)` of the file at `location`. */
function externalFields(location: string, { valueStart, end }: WireField): Uint8Array {
  const { externalData, dataLocation } = fieldNumbers.tensor
  const writer = protobuf.Writer.create()
  const entries = { location, offset: String(valueStart), length: String(end - valueStart) }
  for (const [key, value] of Object.entries(entries)) {
    writer.uint32(tag(externalData, lengthDelimited)).fork()
    writer.uint32(tag(1, lengthDelimited)).string(key)
    writer.uint32(tag(2, lengthDelimited)).string(value).ldelim()
  }
  return writer.uint32(tag(dataLocation, 0)).int32(externalLocation).finish()
}

function wrapped(number: number, message: Uint8Array): Uint8Array {
  return protobuf.Writer.create().uint32(tag(number, lengthDelimited)).bytes(message).finish()
}

/**
 * Reads the model in the file of `size` bytes that `window` shows, leaving out large weights.
 * @param location what `external_data.location` shall say for the file itself
 * @throws AnchorageError `file-malformed` where a field reaches beyond the file or the message around it
 */
export function readSkeleton(window: FileWindow, size: number, location: string): Promise<Uint8Array> {
  const tensor = (field: WireField): Promise<Uint8Array> =>
    assemble(window, field.valueStart, field.end, async (inner) => {
      const { rawData, dataLocation } = fieldNumbers.tensor
      if (inner.number === rawData && inner.wireType === lengthDelimited)
        return externalFields(location, inner)
      // Python's onnx states the default; behind the external fields it would take them back.
      const isDefault =
        inner.number === dataLocation &&
        (await window.slice(inner.valueStart, inner.end)).every((byte) => (byte & 0x7f) === 0)
      return isDefault ? new Uint8Array(0) : undefined
    })
  const graph = (field: WireField): Promise<Uint8Array> =>
    assemble(window, field.valueStart, field.end, async (inner) => {
      const isLarge = inner.end - inner.valueStart > smallestExternal
      return inner.number === fieldNumbers.graph.initializer && isLarge
        ? wrapped(inner.number, await tensor(inner))
        : undefined
    })
  return assemble(window, 0, size, async (field) =>
    field.number === fieldNumbers.model.graph && field.wireType === lengthDelimited
      ? wrapped(field.number, await graph(field))
      : undefined
  )
}
