/** Opens a model's graph with a loss and its gradient by the prompt: what a tuning step runs. */

import { largestAllocation } from '#engine/devices/allocation-limit.ts'
import type { Provider } from '#engine/devices/session.ts'
import { createLeasePool, type Lease } from '#engine/language-model/lease-pool.ts'
import { batchFeeds, readGraph, requireFloats } from '#engine/language-model/open-language-model.ts'
import { openWeightsSession } from '#engine/language-model/open-weights-session.ts'
import type { OpenModel } from '#engine/models/open-model.ts'
import { requireCopyable } from '#engine/onnx/copied-weights.ts'
import {
  candidatesInput,
  distributionsInput,
  type LossSettings,
  labelsInput
} from '#engine/onnx/gradients/loss-head.ts'
import { differentiateByPrompt } from '#engine/onnx/gradients/prompt-gradient.ts'
import type { Tensor, TensorOf } from '#engine/onnx/tensor.ts'
import type { Answers, PromptGradient } from './tuning-model.ts'

function integers(values: Int32Array): TensorOf<'int64'> {
  return { type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) }
}

function answerFeed(answers: Answers, rows: number): Record<string, Tensor> {
  if (answers.kind === 'labels') return { [labelsInput]: integers(answers.tokens) }
  const { probabilities: data } = answers
  return { [distributionsInput]: { type: 'float32', dims: [rows, data.length / rows], data } }
}

/** Loss and gradient of a model, opened for one caller alone; errors as {@link leasePromptGradient}. */
export async function openPromptGradient(
  model: OpenModel,
  settings: LossSettings,
  device: Provider
): Promise<PromptGradient> {
  const prompted = await readGraph(model)
  const graph = differentiateByPrompt(prompted, settings)
  requireCopyable(graph.model, prompted.path, largestAllocation())
  const session = await openWeightsSession(graph.model, prompted, device)
  return {
    lossAndGradient: async (batch, answers, prompt, candidates) => {
      const feeds = { ...batchFeeds(prompted, batch, prompt), ...answerFeed(answers, batch.rows) }
      const answer = await session.run(
        candidates === null ? feeds : { ...feeds, [candidatesInput]: integers(candidates) }
      )
      return {
        loss: requireFloats(answer[graph.loss], graph.loss).data[0],
        gradient: requireFloats(answer[graph.gradient], graph.gradient).data
      }
    },
    release: session.release
  }
}

const pool = createLeasePool<PromptGradient>()

/**
 * Loss and gradient of a model, opened once for calls that follow each other; give it back with `release`.
 * @param settings what the loss is of, and whether among candidates
 * @throws `unsupported` for a graph that can't be differentiated, naming every obstacle
 */
export function leasePromptGradient(
  model: OpenModel,
  settings: LossSettings,
  device: Provider
): Promise<Lease<PromptGradient>> {
  return pool.lease(model, JSON.stringify([device, settings]), () =>
    openPromptGradient(model, settings, device)
  )
}
