/**
 * The tensors of a checkpoint as weights of a graph: external data at the place in their file, never read here. Those that
 * have no such place (blocks of a few bits, rows in another order) are computed when a session is opened, and then all are:
 * onnxruntime takes external data from files or from memory, not from both.
 */
import { relative, sep } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { isFloatingPoint, packedBytes } from '#engine/files/element-types.ts'
import { elementCount, type StoredTensor } from '#engine/files/stored-tensor.ts'
import type { TensorProto } from '#engine/onnx/messages.ts'
import { externalTensor } from '#engine/onnx/stored-initializer.ts'
import { checkpointNames } from './checkpoint-names.ts'
import type { WeightSource } from './weight-source.ts'

export type Checkpoint = {
  /** Folder that all files of the checkpoint lie in or below. */
  readonly folder: string
  readonly tensors: readonly StoredTensor[]
}

/** The weights of a checkpoint, and those of them that are computed, by the location that the graph has for each. */
export type CheckpointWeights = WeightSource & { readonly computed: ReadonlyMap<string, StoredTensor> }

/** The weights of a checkpoint, under today's names or old ones. */
export function checkpointWeights({ folder, tensors }: Checkpoint): CheckpointWeights {
  const computed = new Map<string, StoredTensor>()
  const isInPlace = tensors.every(({ offset }) => offset !== undefined)
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const find = (name: string): StoredTensor | undefined => {
    const found = checkpointNames(name).find((candidate) => byName.has(candidate))
    return found === undefined ? undefined : byName.get(found)
  }
  return {
    computed,
    matrices: 'out-in',
    has: (name) => find(name) !== undefined,
    initializer: (name, dims) => {
      const tensor = find(name)
      if (tensor === undefined) throw missing(name, folder, tensors.length)
      if (tensor.shape.join() !== dims.join()) throw wrongSizes(tensor, dims)
      return isInPlace ? placed(tensor, folder) : toCompute(tensor, computed)
    }
  }
}

function placed(tensor: StoredTensor, folder: string): TensorProto {
  const { name, dtype, shape, file, offset = 0 } = tensor
  const length = packedBytes(dtype, elementCount(shape)) ?? 0
  const location = relative(folder, file).split(sep).join('/')
  const external = externalTensor({ name, dtype, shape, location, offset, length })
  if (external === undefined) throw notReadable(tensor)
  return external
}

/** A weight whose values are read as float32 when a session is opened. */
function toCompute(tensor: StoredTensor, computed: Map<string, StoredTensor>): TensorProto {
  const { name, shape } = tensor
  const location = `computed/${name}`
  const float32 = { name, dtype: 'F32', shape, location, offset: 0, length: 4 * elementCount(shape) }
  const external = externalTensor(float32)
  const isReadable = tensor.offset === undefined || isFloatingPoint(tensor.dtype)
  if (external === undefined || !isReadable) throw notReadable(tensor)
  computed.set(location, tensor)
  return external
}

function missing(name: string, folder: string, count: number): AnchorageError {
  return new AnchorageError('not-found', `The weights lack the tensor ${name}.`, {
    where: folder,
    found: `${count} tensors, none of that name or an older one`,
    expected: 'every weight of the model that config.json describes',
    next: 'Check that all files of the weights are there and belong to this config.json.'
  })
}

function wrongSizes({ name, shape, file }: StoredTensor, dims: readonly number[]): AnchorageError {
  return new AnchorageError('mismatch', 'A weight has not the sizes that config.json says.', {
    where: `${file}, tensor ${name}`,
    found: `[${shape.join(', ')}]`,
    expected: `[${dims.join(', ')}]`,
    next: 'Check that config.json and weights belong to one model.'
  })
}

function notReadable({ name, file, dtype }: StoredTensor): AnchorageError {
  return new AnchorageError('unsupported', 'A weight is stored in a type that a graph can’t use.', {
    where: `${file}, tensor ${name}`,
    found: dtype,
    expected: 'F32, F16, BF16 or F64, and of GGUF Q8_0, Q6_K, Q5_K, Q4_K, Q5_0, Q5_1, Q4_0 and Q4_1 too',
    next: 'Use the model in its original form, or in one of these types.'
  })
}
