/** One training step as a graph: loss and the gradient of every weight, run by onnxruntime. */

import { openSession } from '#engine/devices/session.ts'
import { differentiate } from '#engine/onnx/gradients/differentiate.ts'
import { appendLossHead, labelsInput } from '#engine/onnx/gradients/loss-head.ts'
import { buildLanguageModel } from '#engine/onnx/language-models/build-language-model.ts'
import type { LanguageModelShape } from '#engine/onnx/language-models/language-model-shape.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import type { TrainingBatch } from './training-batch.ts'
import { type Weights, weightSource } from './weights.ts'

export type TrainingStep = {
  /** Loss of the batch and ∂loss/∂weight by name. */
  readonly run: (
    batch: TrainingBatch
  ) => Promise<{ loss: number; gradients: ReadonlyMap<string, Float32Array> }>
  readonly release: () => Promise<void>
}

function floats(tensor: Tensor): Float32Array {
  if (tensor.type === 'float32') return tensor.data
  throw new TypeError(`expected float32, got ${tensor.type}`)
}

/** The feeds of a batch; `token_type_ids` where the model has segments. */
export function batchFeeds(batch: TrainingBatch, inputNames: readonly string[]): Record<string, Tensor> {
  const { rows, length, ids, attentionMask } = batch.batch
  const dims = [rows, length]
  const feeds: Record<string, Tensor> = {
    input_ids: { type: 'int64', dims, data: ids },
    attention_mask: { type: 'int64', dims, data: attentionMask },
    positions: { type: 'int64', dims: [batch.labels.length, 2], data: batch.positions }
  }
  if (inputNames.includes('token_type_ids')) {
    feeds['token_type_ids'] = { type: 'int64', dims, data: new BigInt64Array(rows * length) }
  }
  return feeds
}

/** Prepares the step of a model; it reads the weights anew at every run, so they can be changed in between. */
export async function trainingStep(
  shape: LanguageModelShape,
  weights: Weights,
  threads: number | undefined
): Promise<TrainingStep> {
  const graph = buildLanguageModel(shape, weightSource(weights), 'given-positions')
  const { loss } = appendLossHead(graph, { logits: 'logits', amongCandidates: false })
  const names = [...weights.keys()]
  const { model, gradients } = differentiate(graph.model, { loss, withRespectTo: names })
  const session = await openSession(encodeModel(model), {
    device: 'cpu',
    ...(threads === undefined ? {} : { threads })
  })
  return {
    run: async (batch) => {
      const feeds = batchFeeds(batch, session.inputNames)
      feeds[labelsInput] = { type: 'int64', dims: [batch.labels.length], data: batch.labels }
      for (const [name, { dims, values }] of weights) feeds[name] = { type: 'float32', dims, data: values }
      const answer = await session.run(feeds)
      return {
        loss: floats(answer[loss])[0],
        gradients: new Map(names.map((name) => [name, floats(answer[gradients[name]])]))
      }
    },
    release: session.release
  }
}
