/** The tensors of a model's `reference.safetensors`: PyTorch's numbers for it. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { listSafetensors } from '#engine/files/safetensors.ts'

/** The file's name, beside the model's own. */
export const referenceFile = 'reference.safetensors'

export type ReferenceTensor = { readonly shape: readonly number[]; readonly values: Float32Array }

export type ReferenceNumbers = {
  readonly has: (name: string) => boolean
  /** A tensor by its name. @throws `not-found` */
  readonly tensor: (name: string) => ReferenceTensor
}

/** Reads all tensors of the file. */
export async function readReferenceNumbers(path: string): Promise<ReferenceNumbers> {
  const tensors = new Map<string, ReferenceTensor>()
  for (const stored of await listSafetensors(path)) {
    tensors.set(stored.name, { shape: stored.shape, values: await stored.read() })
  }
  return {
    has: (name) => tensors.has(name),
    tensor: (name) => {
      const tensor = tensors.get(name)
      if (tensor !== undefined) return tensor
      throw new AnchorageError('not-found', 'The reference numbers of a model are incomplete.', {
        where: path,
        found: [...tensors.keys()].join(', '),
        expected: `a tensor ${name}`,
        next: 'Make the reference again with the script that made it.'
      })
    }
  }
}

/** The values of a tensor of whole numbers. */
export function whole({ values }: ReferenceTensor): BigInt64Array<ArrayBuffer> {
  return BigInt64Array.from(values, (value) => BigInt(value))
}

/** A tensor of two dimensions as a matrix. @throws `mismatch` */
export function asMatrix({ shape, values }: ReferenceTensor, name: string): Matrix {
  if (shape.length === 2) return { rows: shape[0], columns: shape[1], data: values }
  throw new AnchorageError('mismatch', 'A tensor of the reference has an unexpected shape.', {
    where: name,
    found: `[${shape.join(', ')}]`,
    expected: 'two dimensions'
  })
}
