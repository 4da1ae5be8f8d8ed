/** Opens a model's graph with a loss and its gradient by the prompt: what a tuning step runs. */
import { throwIfCancelled } from '../contract/errors.ts'
import { batchFeeds, readGraph, requireFloats } from '../language-model/open-language-model.ts'
import type { OpenModel } from '../models/open-model.ts'
import { promptInput } from '../onnx/embedding-graft.ts'
import { differentiate } from '../onnx/gradients/differentiate.ts'
import { appendLossHead, candidatesInput, labelsInput } from '../onnx/gradients/loss-head.ts'
import { continueGraph } from '../onnx/graph-builder.ts'
import { encodeModel } from '../onnx/model-proto.ts'
import { openSession, type Provider } from '../runtime/session.ts'
import type { TensorOf } from '../onnx/tensor.ts'
import type { PromptGradient } from './tuning-model.ts'

function integers(values: Int32Array): TensorOf<'int64'> {
  return { type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) }
}

/**
 * Prepares loss and gradient for a model.
 * @param candidates token ids that the loss is among, or null for the whole vocabulary
 * @throws `unsupported` for a graph that can't be differentiated, naming every obstacle
 */
export async function openPromptGradient(
  model: OpenModel,
  candidates: Int32Array | null,
  device: Provider,
  signal?: AbortSignal
): Promise<PromptGradient> {
  const prompted = await readGraph(model)
  const graph = continueGraph(prompted.model)
  const { loss } = appendLossHead(graph, {
    logits: prompted.head.logits,
    amongCandidates: candidates !== null
  })
  const differentiated = differentiate(prompted.model, {
    loss,
    withRespectTo: [promptInput],
    name: prompted.path
  })
  throwIfCancelled(signal)
  const session = await openSession(encodeModel(differentiated.model), {
    device,
    externalDataFolder: prompted.folder
  })
  const gradient = differentiated.gradients[promptInput]
  return {
    lossAndGradient: async (batch, labels, prompt) => {
      const feeds = { ...batchFeeds(prompted, batch, prompt), [labelsInput]: integers(labels) }
      const answer = await session.run(
        candidates === null ? feeds : { ...feeds, [candidatesInput]: integers(candidates) }
      )
      return {
        loss: requireFloats(answer[loss], loss).data[0],
        gradient: requireFloats(answer[gradient], gradient).data
      }
    },
    release: session.release
  }
}
