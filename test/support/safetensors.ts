/** Reference files as a map of tensors. */
import { listSafetensors } from '#engine/files/safetensors.ts'

export type ReferenceTensor = { readonly shape: readonly number[]; readonly values: Float32Array }

/** Every tensor of a safetensors file by name, as float32. */
export async function readReference(path: string): Promise<Map<string, ReferenceTensor>> {
  const tensors = new Map<string, ReferenceTensor>()
  for (const stored of await listSafetensors(path)) {
    tensors.set(stored.name, { shape: stored.shape, values: await stored.read() })
  }
  return tensors
}

/** The named tensor; a missing one fails the test. */
export function referenceTensor(
  tensors: ReadonlyMap<string, ReferenceTensor>,
  name: string
): ReferenceTensor {
  const tensor = tensors.get(name)
  if (tensor === undefined) throw new Error(`the reference has no tensor ${name}`)
  return tensor
}

/** The largest absolute difference of two arrays of one length. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} values, expected ${expected.length}`)
  let largest = 0
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i] - expected[i])
    if (!(difference <= largest)) largest = difference
  }
  return largest
}
