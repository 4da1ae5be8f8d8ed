/** One training step as a graph: loss and the gradient of every weight, run by onnxruntime. */

import { openSession } from '#engine/devices/session.ts'
import { answerAtPositions, positionsInput } from '#engine/onnx/answer-head.ts'
import { differentiate } from '#engine/onnx/gradients/differentiate.ts'
import { appendLossHead, labelsInput } from '#engine/onnx/gradients/loss-head.ts'
import { continueGraph } from '#engine/onnx/graph-builder.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import type { LanguageModelShape } from './language-model-shape.ts'
import type { TrainingBatch } from './training-batch.ts'
import { trainedGraph, type Weights } from './weights.ts'

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

/** The feeds of a batch: those that the model asks for. */
export function batchFeeds(batch: TrainingBatch, inputNames: readonly string[]): Record<string, Tensor> {
  const { rows, length, ids, attentionMask } = batch.batch
  const dims = [rows, length]
  const feeds: Record<string, Tensor> = {
    input_ids: { type: 'int64', dims, data: ids },
    attention_mask: { type: 'int64', dims, data: attentionMask },
    token_type_ids: { type: 'int64', dims, data: new BigInt64Array(rows * length) },
    [positionsInput]: { type: 'int64', dims: [batch.labels.length, 2], data: batch.positions }
  }
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => inputNames.includes(name)))
}

/** Prepares the step of a model; it reads the weights anew at every run, so they can be changed in between. */
export async function trainingStep(
  shape: LanguageModelShape,
  weights: Weights,
  threads: number | undefined
): Promise<TrainingStep> {
  const { model: written } = trainedGraph(shape, weights)
  const { logits } = answerAtPositions(written, shape.family)
  const graph = continueGraph(written)
  const loss = appendLossHead(graph, logits, { amongCandidates: false })
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
