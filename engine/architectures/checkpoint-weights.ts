/** The tensors of a checkpoint as weights of a graph: external data at the place in their file, never read here. */
import { relative, sep } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { packedBytes } from '#engine/files/element-types.ts'
import { elementCount, type StoredTensor } from '#engine/files/stored-tensor.ts'
import { externalTensor } from '#engine/onnx/stored-initializer.ts'
import { checkpointNames } from './checkpoint-names.ts'
import type { WeightSource } from './weight-source.ts'

export type Checkpoint = {
  /** Folder that all files of the checkpoint lie in or below. */
  readonly folder: string
  readonly tensors: readonly StoredTensor[]
}

/** The weights of a checkpoint, under today's names or old ones. */
export function checkpointWeights({ folder, tensors }: Checkpoint): WeightSource {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const find = (name: string): StoredTensor | undefined => {
    const found = checkpointNames(name).find((candidate) => byName.has(candidate))
    return found === undefined ? undefined : byName.get(found)
  }
  return {
    matrices: 'out-in',
    has: (name) => find(name) !== undefined,
    initializer: (name, dims) => {
      const tensor = find(name)
      if (tensor === undefined) throw missing(name, folder, tensors.length)
      if (tensor.shape.join() !== dims.join()) throw wrongSizes(tensor, dims)
      return placed(tensor, folder)
    }
  }
}

function placed(tensor: StoredTensor, folder: string) {
  const { name, dtype, shape, file, offset } = tensor
  const length = packedBytes(dtype, elementCount(shape))
  const location = relative(folder, file).split(sep).join('/')
  if (offset === undefined || length === undefined)
    throw notInPlace(tensor, 'values that do not lie in one piece')
  const external = externalTensor({ name, dtype, shape, location, offset, length })
  if (external === undefined) throw notInPlace(tensor, dtype)
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

function notInPlace({ name, file }: StoredTensor, found: string): AnchorageError {
  return new AnchorageError('unsupported', 'A weight is stored in a way that a graph can’t use in place.', {
    where: `${file}, tensor ${name}`,
    found,
    expected: 'F32, F16, BF16 or F64 in row-major order',
    next: 'Save the model again with save_pretrained, in safetensors.'
  })
}
