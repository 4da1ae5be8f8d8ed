/** A tiny Gemma 3, a prompt of it as PEFT saved it, and PEFT's and PyTorch's numbers: see test/fixtures/readers. */
import { join, resolve } from 'node:path'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { listSafetensors } from '#engine/files/safetensors.ts'

const folder = resolve(import.meta.dirname, '../fixtures/readers')

export const gemmaFolder = join(folder, 'tiny-gemma3')
export const peftFolder = join(folder, 'peft-gemma3')

/** A tensor of `peft-gemma3.reference.safetensors`; lists are one column. */
export async function readersReference(name: string): Promise<Matrix> {
  const tensors = await listSafetensors(join(folder, 'peft-gemma3.reference.safetensors'))
  const tensor = tensors.find((stored) => stored.name === name)
  if (tensor === undefined) throw new Error(`there is no ${name}`)
  const [rows = 1, columns = 1] = tensor.shape
  return { rows, columns, data: await tensor.read() }
}
