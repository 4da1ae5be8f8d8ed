/** Model folders made by the real `transformers`, with PyTorch's numbers beside them. */
import { join } from 'node:path'
import { writeCheckpointGraph } from '#engine/architectures/write-graph.ts'
import { openSession } from '#engine/devices/session.ts'
import { readModelConfig } from '#engine/models/model-config.ts'
import { listWeights } from '#engine/models/weight-files.ts'
import { positionsInput } from '#engine/onnx/answer-head.ts'
import { promptInput } from '#engine/onnx/embedding-graft.ts'
import { labelsInput } from '#engine/onnx/gradients/loss-head.ts'
import { differentiateByPrompt } from '#engine/onnx/gradients/prompt-gradient.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import { type PromptedModel, promptedModel } from '#engine/onnx/prompted-model.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { largestDifference, type ReferenceTensor, readReference, referenceTensor } from './safetensors.ts'

/** One small model per family, with weights in several types: see `make_architectures.py` there. */
export const architectureFixtures = join(import.meta.dirname, '../fixtures/architectures')

export type FamilyFolder = {
  readonly prompted: PromptedModel
  readonly reference: ReadonlyMap<string, ReferenceTensor>
  /** What the decoder of an encoder-decoder was given; empty for other models. */
  readonly decoderStart: readonly number[]
}

/** The graph written from a folder's weights, ready for prompts, and PyTorch's numbers. */
export async function openFamily(folder: string): Promise<FamilyFolder> {
  const { file, decoderStart } = await readModelConfig(folder)
  const { tensors } = await listWeights(folder)
  const written = writeCheckpointGraph(file, tensors)
  const reference = await readReference(join(folder, 'reference.safetensors'))
  return { prompted: promptedModel(written), reference, decoderStart }
}

/** The reference's batch: rows of the prompt, `-1 - r` there, are virtual tokens here. */
function feedsOf({ prompted, reference, decoderStart }: FamilyFolder): Record<string, Tensor> {
  const tensor = (name: string) => referenceTensor(reference, name)
  const [rows, length] = tensor('ids').shape
  const whole = (values: Iterable<number>) => BigInt64Array.from(values, BigInt)
  const ids = tensor('ids').values.map((id) => (id < 0 ? prompted.graft.vocabularySize - 1 - id : id))
  const isDecoded = decoderStart.length > 0
  const pairs = [...tensor('positions').values].flatMap((position, row) => [row, isDecoded ? 0 : position])
  return {
    ...prompted.feeds({
      rows,
      length,
      ids: whole(ids),
      attentionMask: whole(tensor('attention').values),
      decoderIds: isDecoded ? whole(Array.from({ length: rows }, () => decoderStart[0])) : undefined
    }),
    [promptInput]: { type: 'float32', dims: tensor('prompt').shape, data: tensor('prompt').values },
    [positionsInput]: { type: 'int64', dims: [rows, 2], data: whole(pairs) },
    [labelsInput]: { type: 'int64', dims: [rows], data: whole(tensor('labels').values) }
  }
}

async function runOnce(model: ModelProto, folder: string, feeds: Readonly<Record<string, Tensor>>) {
  const session = await openSession(encodeModel(model), { device: 'cpu', externalDataFolder: folder })
  try {
    return await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]])))
  } finally {
    await session.release()
  }
}

export type FamilyDifferences = { answers: number; loss: number; gradient: number }

/** How far answers, loss and gradient are from PyTorch's, relative to the largest of each. */
export async function familyDifferences(folder: string): Promise<FamilyDifferences> {
  const family = await openFamily(folder)
  const { prompted, reference } = family
  const feeds = feedsOf(family)
  const answered = await runOnce(prompted.model, prompted.folder, feeds)
  const step = differentiateByPrompt(prompted, { amongCandidates: false })
  const stepped = await runOnce(step.model, prompted.folder, feeds)
  const compare = (actual: Tensor, name: string): number => {
    const expected = referenceTensor(reference, name).values
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    return largestDifference(Array.from(actual.data, Number), expected) / largest
  }
  return {
    answers: compare(answered[prompted.head.logits], 'answers'),
    loss: compare(stepped[step.loss], 'loss'),
    gradient: compare(stepped[step.gradient], 'gradient')
  }
}
