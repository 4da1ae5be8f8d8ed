/**
 * Reads an ONNX file and leaves its weights where they are: every large initializer of the model that comes
 * back is external data that points into the original files. Written again, such a model takes some kilobytes,
 * and onnxruntime maps the weights from the files that hold them, whatever the model has become in between.
 */
import { realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { withFile } from '#engine/files/read-range.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { parsingSeconds, withinSeconds } from '#engine/files/time-limit.ts'
import { checkGraph } from './check-graph.ts'
import type { GraphProto, ModelProto, TensorProto } from './messages.ts'
import { decodeModel } from './model-proto.ts'
import { externalLocation } from './schema.ts'
import { readSkeleton } from './skeleton.ts'
import { dtypeOf, tensorBytes } from './stored-initializer.ts'
import { fileWindow } from './wire-fields.ts'

export type ModelFile = {
  /** Real path of the ONNX file, or of the weights that a graph was written for. */
  readonly path: string
  /** Real path of the folder of the weights: what sessions over the rewritten model take as `externalDataFolder`. */
  readonly folder: string
  /** The model; large weights are external data in `folder`. */
  readonly model: ModelProto
  /** Weights that lie nowhere as they are needed, by their location: whoever opens a session reads them. */
  readonly computed?: ReadonlyMap<string, StoredTensor>
}

/** The location of weights inside the model's own file, until its name is put in. */
const ownFile = ''

/** The tensors of a graph that may be external: initializers and attributes, of inner graphs too. */
function* everyTensor(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer
  for (const { attribute } of graph.node) {
    for (const { t, g, tensors = [], graphs = [] } of attribute) {
      yield* t ? [t, ...tensors] : tensors
      for (const inner of g ? [g, ...graphs] : graphs) yield* everyTensor(inner)
    }
  }
}

function describeTensor({ name, dims }: TensorProto): string {
  return `tensor ${name} [${dims.join(', ')}]`
}

/** Where external data of a model lies: given as the model's file says, found as real paths. */
type DataFolder = {
  /** The folder beside which locations are meant. */
  readonly asGiven: string
  readonly real: string
  readonly ownPath: string
  readonly sizes: Map<string, number>
}

function refuseOutside(location: string, path: string, where: string, data: DataFolder): AnchorageError {
  return new AnchorageError('file-unsafe', 'The model asks for weights outside of its folder.', {
    where,
    found: location === path ? location : `${location}, which is ${path}`,
    expected: `a file in ${data.real}`,
    next: 'Copy the file into the folder instead of linking to it, if you trust it.'
  })
}

/** The real path of a location, inside the folder. */
async function resolveLocation(location: string, tensor: TensorProto, data: DataFolder): Promise<string> {
  if (location === ownFile) return data.ownPath
  const where = `${data.ownPath}, ${describeTensor(tensor)}`
  if (isAbsolute(location)) throw refuseOutside(location, location, where, data)
  let path: string
  try {
    path = await realpath(join(data.asGiven, location))
  } catch (cause) {
    throw new AnchorageError(
      'file-not-found',
      'A file that holds weights of the model is missing.',
      {
        where,
        found: `no file ${location}`,
        expected: `${location} beside the model`,
        next: 'Put the file of external data beside the ONNX file, under the name the model was exported with.'
      },
      cause
    )
  }
  const inside = relative(data.real, path)
  if (isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`))
    throw refuseOutside(location, path, where, data)
  return path
}

/** The number that an entry of external data holds. */
function entryNumber(tensor: TensorProto, key: string, fallback: number, data: DataFolder): number {
  const text = tensor.externalData?.find((entry) => entry.key === key)?.value
  if (text === undefined) return fallback
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(value)) return value
  throw new AnchorageError('file-malformed', 'The model says wrongly where its weights lie.', {
    where: `${data.ownPath}, ${describeTensor(tensor)}`,
    found: `${key} "${text}"`,
    expected: 'a whole number of bytes',
    next: 'Export the model again.'
  })
}

/** Checks one external tensor against its file and writes its location relative to the real folder. */
async function settleExternal(tensor: TensorProto, data: DataFolder): Promise<void> {
  const location = tensor.externalData?.find(({ key }) => key === 'location')?.value ?? ownFile
  const path = await resolveLocation(location, tensor, data)
  const size = data.sizes.get(path) ?? (await stat(path)).size
  data.sizes.set(path, size)
  const expected = tensorBytes(tensor)
  const offset = entryNumber(tensor, 'offset', 0, data)
  const length = entryNumber(tensor, 'length', expected ?? size - offset, data)
  if (offset + length > size || (expected !== undefined && length !== expected)) {
    throw new AnchorageError('file-malformed', 'Weights of the model are incomplete or of another size.', {
      where: `${path}, ${describeTensor(tensor)} of type ${dtypeOf(tensor) ?? tensor.dataType}`,
      found: `bytes ${offset} to ${offset + length} of a file of ${size} bytes`,
      expected: expected === undefined ? 'bytes within the file' : `${expected} bytes within the file`,
      next: 'Check that the file is complete; download or export it again.'
    })
  }
  tensor.externalData = [
    { key: 'location', value: relative(data.real, path).split(sep).join('/') },
    { key: 'offset', value: String(offset) },
    { key: 'length', value: String(length) }
  ]
}

/**
 * Reads a model without its weights: memory for the graph alone, whatever the file's size.
 * @throws AnchorageError `file-malformed` for damaged or truncated files and weights of wrong size,
 *   `file-unsafe` for external data outside of the folder, `file-not-found` where a file is missing
 */
export async function readModelFile(path: string): Promise<ModelFile> {
  const skeleton = await withFile(path, (file, size) =>
    readSkeleton(fileWindow(file, size, path), size, ownFile)
  )
  const model = withinSeconds(parsingSeconds, path, () => {
    const decoded = decodeModel(skeleton, path)
    checkGraph(decoded.graph, path)
    return decoded
  })
  const ownPath = await realpath(path)
  const data: DataFolder = { asGiven: dirname(path), real: dirname(ownPath), ownPath, sizes: new Map() }
  for (const tensor of everyTensor(model.graph)) {
    if (tensor.dataLocation === externalLocation) await settleExternal(tensor, data)
  }
  return { path: ownPath, folder: data.real, model }
}

/** The real paths of the files that a model is read from: its own first, then external data as it names them. */
export function dataFiles({ path, folder, model }: ModelFile): string[] {
  const locations = [...everyTensor(model.graph)].flatMap(({ dataLocation, externalData }) =>
    dataLocation === externalLocation
      ? (externalData?.find(({ key }) => key === 'location')?.value ?? [])
      : []
  )
  return [...new Set([path, ...locations.map((location) => join(folder, location))])]
}
