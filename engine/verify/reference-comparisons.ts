/**
 * What is compared of a model of the reference data (`word_embeddings`, `input_ids`, `prompt_start`, …): the graph as it
 * lies in the folder at every position, the same with a prompt grafted on, the loss and its gradient.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { openSession } from '#engine/devices/session.ts'
import type { OpenModel } from '#engine/models/open-model.ts'
import { positionsInput } from '#engine/onnx/answer-head.ts'
import { differentiateByPrompt } from '#engine/onnx/gradients/prompt-gradient.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import type { ModelComparisons } from './model-comparisons.ts'
import { type ReferenceModel, readReferenceModel } from './reference-model.ts'
import type { ReferenceNumbers } from './reference-numbers.ts'

/** Runs a graph once; only the feeds that it has inputs for are given. */
async function runOnce(
  model: ModelProto | string,
  folder: string,
  feeds: Readonly<Record<string, Tensor>>
): Promise<Record<string, Tensor>> {
  const source = typeof model === 'string' ? model : encodeModel(model)
  const session = await openSession(source, { device: 'cpu', externalDataFolder: folder })
  try {
    return await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]])))
  } finally {
    await session.release()
  }
}

/** Every row and position of the batch, so that all logits are answered. */
function everyPosition({ rows, length }: ReferenceModel['plainBatch']): Tensor {
  const pairs = Array.from({ length: rows * length }, (_, at) => [Math.floor(at / length), at % length])
  return { type: 'int64', dims: [rows * length, 2], data: BigInt64Array.from(pairs.flat(), BigInt) }
}

function floats({ data }: Tensor): number[] {
  return Array.from(data, Number)
}

/** @param numbers read from beside the model */
export function referenceComparisons(
  { report, readTable }: OpenModel,
  { tensor }: ReferenceNumbers
): ModelComparisons {
  const expected = (name: string): Float32Array => tensor(name).values
  const readGraph = async (): Promise<ReferenceModel> => {
    if (report.graph.file !== null) return await readReferenceModel(report.folder, report.graph.file)
    throw new AnchorageError('unsupported', `${report.name} can't be queried.`, { found: report.graph.note })
  }
  return {
    table: async () => [
      {
        what: 'embedding table',
        quantity: 'table',
        actual: (await readTable()).data,
        expected: expected('word_embeddings'),
        isRelative: false
      }
    ],
    query: async () => {
      const { graphFile, prompted, plainBatch, feeds } = await readGraph()
      const plain = await runOnce(graphFile, prompted.folder, prompted.feeds(plainBatch))
      const askedEverywhere = { ...feeds, [positionsInput]: everyPosition(plainBatch) }
      const answered = await runOnce(prompted.model, prompted.folder, askedEverywhere)
      return [
        {
          what: 'logits',
          quantity: 'logits',
          actual: floats(plain['logits']),
          expected: expected('logits'),
          isRelative: false
        },
        {
          what: 'prompted logits',
          quantity: 'logits',
          actual: floats(answered[prompted.head.logits]),
          expected: expected('prompted_logits'),
          isRelative: false
        }
      ]
    },
    tune: async () => {
      const { prompted, feeds } = await readGraph()
      const step = differentiateByPrompt(prompted, { amongCandidates: false })
      const stepped = await runOnce(step.model, prompted.folder, feeds)
      return [
        {
          what: 'loss',
          quantity: 'loss',
          actual: floats(stepped[step.loss]),
          expected: expected('loss'),
          isRelative: false
        },
        {
          what: 'gradient by the prompt, relative',
          quantity: 'gradient',
          actual: floats(stepped[step.gradient]),
          expected: expected('prompt_grad'),
          isRelative: true
        }
      ]
    }
  }
}
