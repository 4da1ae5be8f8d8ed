/** The language models that PyTorch exported, with their reference tensors as feeds and expectations. */
import { resolve } from 'node:path'
import { openSession, type Session } from '#engine/devices/session.ts'
import type { Tensor, TensorOf } from '#engine/onnx/tensor.ts'
import { type referenceFamilies, referenceFolder, referenceModelFolder } from './reference-models.ts'
import { readReference, referenceTensor } from './safetensors.ts'

export type Family = (typeof referenceFamilies)[number]

export function int64(dims: readonly number[], values: Iterable<number | bigint>): TensorOf<'int64'> {
  return { type: 'int64', dims, data: BigInt64Array.from(values, BigInt) }
}

export function float32(dims: readonly number[], values: Iterable<number>): TensorOf<'float32'> {
  return { type: 'float32', dims, data: Float32Array.from(values) }
}

/** The values of a float32 tensor of a run's answer; a test fails where there is none. */
export function float32Data(answer: Record<string, Tensor>, name: string): Float32Array {
  const tensor = answer[name]
  if (tensor?.type !== 'float32') throw new Error(`${name} is ${tensor?.type}, not float32`)
  return tensor.data
}

export type ReferenceModel = {
  /** Path of the ONNX file. */
  readonly path: string
  /** `[n, length]` of the padded batch. */
  readonly dims: readonly [rows: number, length: number]
  readonly ids: BigInt64Array
  readonly attentionMask: BigInt64Array
  /** The feeds of the plain model. */
  readonly feeds: Record<string, Tensor>
  /** `[m, e]`. */
  readonly prompt: TensorOf<'float32'>
  readonly promptStart: number
  readonly logits: Float32Array
  readonly promptedLogits: Float32Array
}

/** A family's model and tensors in a folder laid out like the reference. */
export async function referenceModel(family: Family, folder = referenceFolder): Promise<ReferenceModel> {
  const model = referenceModelFolder(family, folder)
  const tensors = await readReference(resolve(model, 'reference.safetensors'))
  const integers = (name: string): TensorOf<'int64'> => {
    const { shape, values } = referenceTensor(tensors, name)
    return int64(shape, values)
  }
  const [ids, mask] = [integers('input_ids'), integers('attention_mask')]
  const prompt = referenceTensor(tensors, 'prompt')
  const feeds = { input_ids: ids, attention_mask: mask }
  return {
    path: resolve(model, 'onnx/model.onnx'),
    dims: [ids.dims[0], ids.dims[1]],
    ids: ids.data,
    attentionMask: mask.data,
    feeds: family === 'gpt2' ? feeds : { ...feeds, token_type_ids: integers('token_type_ids') },
    prompt: float32(prompt.shape, prompt.values),
    promptStart: referenceTensor(tensors, 'prompt_start').values[0],
    logits: referenceTensor(tensors, 'logits').values,
    promptedLogits: referenceTensor(tensors, 'prompted_logits').values
  }
}

/** Opens a model on the CPU, runs it once and closes it. */
export async function runOnce(
  model: Uint8Array | string,
  feeds: Record<string, Tensor>,
  externalDataFolder?: string
): Promise<Record<string, Tensor>> {
  const session: Session = await openSession(model, {
    device: 'cpu',
    ...(externalDataFolder === undefined ? {} : { externalDataFolder })
  })
  try {
    return await session.run(feeds)
  } finally {
    await session.release()
  }
}
