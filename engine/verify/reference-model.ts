/**
 * A language model of the reference data: its graph made ready for prompts, PyTorch's numbers for a batch, and
 * the batch as feeds.
 */
import { join } from 'node:path'
import { positionsInput } from '#engine/onnx/answer-head.ts'
import { promptInput } from '#engine/onnx/embedding-graft.ts'
import { labelsInput } from '#engine/onnx/gradients/loss-head.ts'
import { type PromptedModel, readPromptedModel } from '#engine/onnx/prompted-model.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import type { TokenBatch } from '#engine/onnx/token-inputs.ts'
import { type ReferenceNumbers, readReferenceNumbers, referenceFile, whole } from './reference-numbers.ts'

export type ReferenceModel = {
  /** Path of the ONNX file. */
  readonly graphFile: string
  readonly prompted: PromptedModel
  /** A tensor of `reference.safetensors` by its name. */
  readonly tensor: ReferenceNumbers['tensor']
  /** The batch without the prompt. */
  readonly plainBatch: TokenBatch
  /** Feeds of the prompted batch, asked and labelled at the reference's label positions. */
  readonly feeds: Readonly<Record<string, Tensor>>
}

/** The ids of the batch with virtual tokens where the prompt replaces words in every row. */
function promptedIds(tensor: ReferenceNumbers['tensor'], firstVirtualToken: number): BigInt64Array {
  const { shape } = tensor('input_ids')
  const ids = whole(tensor('input_ids'))
  const [start] = tensor('prompt_start').values
  for (let row = 0; row < shape[0]; row++) {
    for (let vector = 0; vector < tensor('prompt').shape[0]; vector++) {
      ids[row * shape[1] + start + vector] = BigInt(firstVirtualToken + vector)
    }
  }
  return ids
}

/**
 * Reads `models/<name>` of a folder laid out like the reference data.
 * @param graph its ONNX file, relative to the folder
 */
export async function readReferenceModel(folder: string, graph = 'onnx/model.onnx'): Promise<ReferenceModel> {
  const { tensor } = await readReferenceNumbers(join(folder, referenceFile))
  const graphFile = join(folder, graph)
  const prompted = await readPromptedModel(graphFile)
  const [rows, length] = tensor('input_ids').shape
  const attentionMask = whole(tensor('attention_mask'))
  const ids = promptedIds(tensor, prompted.graft.vocabularySize)
  const answers = [...whole(tensor('label_positions'))].flatMap((position, row) => [BigInt(row), position])
  const prompt = tensor('prompt')
  return {
    graphFile,
    prompted,
    tensor,
    plainBatch: { rows, length, ids: whole(tensor('input_ids')), attentionMask },
    feeds: {
      ...prompted.feeds({ rows, length, ids, attentionMask }),
      [promptInput]: { type: 'float32', dims: prompt.shape, data: prompt.values },
      [positionsInput]: { type: 'int64', dims: [rows, 2], data: BigInt64Array.from(answers) },
      [labelsInput]: { type: 'int64', dims: [rows], data: whole(tensor('labels')) }
    }
  }
}
