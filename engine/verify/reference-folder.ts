/** Reads a transfer reference: the tensors of `transfer.safetensors`, with clear errors for what is missing. */
import { join } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { listSafetensors, readSafetensorsMetadata } from '#engine/files/safetensors.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'

export type TransferReference = {
  path: string
  /** Whether a tensor of this name is there. */
  has: (name: string) => boolean
  /** Names of all tensors. */
  names: readonly string[]
  /** A tensor of two dimensions. */
  matrix: (name: string) => Promise<Matrix>
  /** All values of a tensor of any shape. */
  values: (name: string) => Promise<Float32Array>
  /** Adam's learning rate, from the file's metadata. */
  adamLearningRate: () => Promise<number>
}

/** Opens `transfer.safetensors` of a folder laid out like the reference data. */
export async function openTransferReference(folder: string): Promise<TransferReference> {
  const path = join(folder, 'transfer.safetensors')
  const stored = new Map((await listSafetensors(path)).map((tensor) => [tensor.name, tensor]))
  const find = (name: string): StoredTensor => {
    const tensor = stored.get(name)
    if (tensor !== undefined) return tensor
    throw new AnchorageError('not-found', 'The reference lacks a tensor.', {
      where: path,
      found: `${stored.size} tensors, none named ${name}`,
      expected: name,
      next: 'Make the folder with make_reference.py, or give the folder that holds it.'
    })
  }
  return {
    path,
    has: (name) => stored.has(name),
    names: [...stored.keys()],
    values: (name) => find(name).read(),
    adamLearningRate: async () => {
      const text = (await readSafetensorsMetadata(path))['adam_lr']
      const rate = Number(text)
      if (text !== undefined && rate > 0) return rate
      throw new AnchorageError('not-found', 'The reference does not say the learning rate of Adam.', {
        where: `${path}, metadata`,
        found: text === undefined ? 'no adam_lr' : `adam_lr = ${text}`,
        expected: 'a positive adam_lr',
        next: 'Make the folder with make_reference.py.'
      })
    },
    matrix: async (name) => {
      const tensor = find(name)
      if (tensor.shape.length !== 2)
        throw new AnchorageError('mismatch', 'A tensor of the reference has an unexpected shape.', {
          where: `${path}, tensor ${name}`,
          found: `[${tensor.shape.join(', ')}]`,
          expected: 'two dimensions'
        })
      const [rows, columns] = tensor.shape
      return { rows, columns, data: await tensor.read() }
    }
  }
}
