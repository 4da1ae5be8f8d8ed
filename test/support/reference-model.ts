/** The reference language models beside the tests: their graphs, and PyTorch's numbers for a prompted batch. */
import { join } from 'node:path'
import { positionsInput } from '../../engine/onnx/answer-head.ts'
import { promptInput } from '../../engine/onnx/embedding-graft.ts'
import { labelsInput } from '../../engine/onnx/gradients/loss-head.ts'
import { type PromptedModel, readPromptedModel } from '../../engine/onnx/prompted-model.ts'
import type { Tensor } from '../../engine/runtime/tensor.ts'
import { type ReferenceTensor, readReference, referenceTensor } from './safetensors.ts'

export const referenceFamilies = ['bert', 'roberta', 'albert', 'gpt2'] as const

export const referenceModels = join(import.meta.dirname, '../fixtures/reference/models')

export type ReferenceModel = {
  readonly prompted: PromptedModel
  readonly tensor: (name: string) => ReferenceTensor
  /** Feeds of the prompted batch, answered and labelled at the reference's label positions. */
  readonly feeds: Record<string, Tensor>
}

function whole({ shape, values }: ReferenceTensor): BigInt64Array {
  return BigInt64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => BigInt(values[index]))
}

/** Reads a model of a folder laid out like the reference data. */
export async function readReferenceModel(models: string, family: string): Promise<ReferenceModel> {
  const folder = join(models, `tiny-${family}`)
  const tensors = await readReference(join(folder, 'reference.safetensors'))
  const tensor = (name: string) => referenceTensor(tensors, name)
  const prompted = await readPromptedModel(join(folder, 'onnx/model.onnx'))
  const [rows, length] = tensor('input_ids').shape
  const ids = whole(tensor('input_ids'))
  const { shape, values } = tensor('prompt')
  const start = tensor('prompt_start').values[0]
  for (let row = 0; row < rows; row++) {
    for (let vector = 0; vector < shape[0]; vector++)
      ids[row * length + start + vector] = BigInt(prompted.graft.vocabularySize + vector)
  }
  const positions = whole(tensor('label_positions'))
  const pairs = [...positions].flatMap((position, row) => [BigInt(row), position])
  const feeds: Record<string, Tensor> = {
    ...prompted.feeds({ rows, length, ids, attentionMask: whole(tensor('attention_mask')) }),
    [promptInput]: { type: 'float32', dims: shape, data: values },
    [positionsInput]: { type: 'int64', dims: [rows, 2], data: BigInt64Array.from(pairs) },
    [labelsInput]: { type: 'int64', dims: [rows], data: whole(tensor('labels')) }
  }
  return { prompted, tensor, feeds }
}
