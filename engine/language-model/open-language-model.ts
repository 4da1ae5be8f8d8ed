/**
 * Opens the ONNX graph of a model folder for questions: the embedding graft lets prompt vectors stand anywhere, and
 * only the positions that are asked for go through the vocabulary-sized product.
 */
import { join } from 'node:path'
import type { RowLayout } from '#engine/architectures/model-writer.ts'
import { writeCheckpointGraph } from '#engine/architectures/write-graph.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { largestAllocation } from '#engine/devices/allocation-limit.ts'
import type { Provider } from '#engine/devices/session.ts'
import type { OpenModel } from '#engine/models/open-model.ts'
import { isGraphFile } from '#engine/models/runnable-graph.ts'
import { positionsInput } from '#engine/onnx/answer-head.ts'
import { requireCopyable } from '#engine/onnx/copied-weights.ts'
import { promptInput } from '#engine/onnx/embedding-graft.ts'
import { type PromptedModel, promptedModel, readPromptedModel } from '#engine/onnx/prompted-model.ts'
import type { Tensor, TensorOf } from '#engine/onnx/tensor.ts'
import { readTiedHeadAsStored } from '#engine/onnx/tied-head.ts'
import { batchTokens } from './batch-tokens.ts'
import type { Batch } from './batches.ts'
import type { LanguageModel } from './language-model.ts'
import { openWeightsSession } from './open-weights-session.ts'

/** Longest sequence where a model's settings name none. */
const usualMaximumLength = 512

/** Shorter rows of several questions would leave too many of their places empty. */
const leastPackedLength = 48

/**
 * The graph of an opened model, read or written from its weights, prepared for prompts.
 * @param layout of a causal model's rows, where its graph is written
 * @throws `unsupported` where the folder has no graph to run, `mismatch` where graph and table are of other models
 */
export async function readGraph(
  model: OpenModel,
  layout: RowLayout = 'one sequence'
): Promise<PromptedModel> {
  const { report } = model
  if (report.graph.file === null) {
    throw new AnchorageError('unsupported', `${report.name} can't be queried.`, {
      where: report.folder,
      found: report.graph.note,
      expected:
        'one graph from input_ids to logits, such as onnx/model.onnx, or weights of a language model that a graph is written for',
      next: 'Export the model, for example with optimum-cli export onnx.'
    })
  }
  const prompted = isGraphFile(report.graph.file)
    ? await readPromptedModel(join(model.folder, report.graph.file), model.sizes)
    : promptedModel(
        writeCheckpointGraph(model.checkpoint.config, model.checkpoint.tensors, layout),
        model.sizes
      )
  if (prompted.graft.width !== report.width) {
    throw new AnchorageError(
      'mismatch',
      'The ONNX graph and the embedding table are not of the same model.',
      {
        where: prompted.path,
        found: `word embeddings of width ${prompted.graft.width}`,
        expected: `width ${report.width}, as in ${report.table.file}`,
        next: 'Export the graph again from these weights.'
      }
    )
  }
  return prompted
}

/** The feeds of a batch with prompt vectors `[p, e]`; a graph wants at least one row. */
export function batchFeeds(prompted: PromptedModel, batch: Batch, prompts: Matrix): Record<string, Tensor> {
  const { rows, columns, data } = prompts
  const { answerRows, answerPositions } = batch
  const answers = answerPositions.length
  const positions = BigInt64Array.from({ length: 2 * answers }, (_, i) =>
    BigInt(i % 2 === 0 ? (answerRows?.[i / 2] ?? i / 2) : answerPositions[(i - 1) / 2])
  )
  return {
    ...prompted.feeds(batch),
    [promptInput]: {
      type: 'float32',
      dims: [Math.max(1, rows), columns],
      data: rows === 0 ? new Float32Array(columns) : data
    },
    [positionsInput]: { type: 'int64', dims: [answers, 2], data: positions }
  }
}

/** An output that must be float32. */
export function requireFloats(tensor: Tensor, name: string): TensorOf<'float32'> {
  if (tensor.type === 'float32') return tensor
  throw new AnchorageError('unsupported', 'The model answers in a precision that is not read.', {
    where: name,
    found: tensor.type,
    expected: 'float32'
  })
}

/** What the graph and the folder say of a language model, without a session over it. */
function describeLanguageModel(
  model: OpenModel,
  prompted: PromptedModel
): Omit<LanguageModel, 'answer' | 'release' | 'device' | 'packedLength'> {
  const { report, kind, tokenizer } = model
  const { pad, eos } = tokenizer.special
  return {
    name: report.name,
    kind,
    tokenizer,
    width: report.width,
    mean: report.mean,
    standardDeviation: report.standardDeviation,
    firstVirtualToken: prompted.graft.vocabularySize,
    maximumLength: model.maximumLength ?? usualMaximumLength,
    padToken: pad?.id ?? eos?.id ?? 0,
    decoderStart: model.decoderStart,
    batchTokens: batchTokens(
      { hiddenSize: model.hiddenSize ?? report.width, vocabularySize: prompted.graft.vocabularySize },
      process.availableMemory()
    )
  }
}

/** Whether rows may hold several questions: the graph is one that we write, and its tokens see what is before them alone. */
function packsRows({ kind, report }: OpenModel): boolean {
  return kind === 'causal' && report.graph.file !== null && !isGraphFile(report.graph.file)
}

/**
 * Places of a row of several questions. Scores are computed between all of them: per token a layer takes 24 times the
 * square of its width in multiplications, the scores of a row 4 times its length and the width, which is kept to a 36th.
 */
function packedLength({ hiddenSize, report }: OpenModel): number {
  return Math.max(leastPackedLength, Math.round((hiddenSize ?? report.width) / 6))
}

/** Opens the graph of a model folder for questions on a device. */
export async function openLanguageModel(model: OpenModel, device: Provider): Promise<LanguageModel> {
  const packs = packsRows(model)
  const prompted = await readGraph(model, packs ? 'several sequences' : 'one sequence')
  requireCopyable(prompted.model, prompted.path, largestAllocation())
  if (device === 'cpu') readTiedHeadAsStored(prompted.model, prompted.graft.table)
  const session = await openWeightsSession(prompted.model, prompted, device)
  const { logits } = prompted.head
  return {
    ...describeLanguageModel(model, prompted),
    packedLength: packs ? packedLength(model) : null,
    device,
    answer: async (batch, prompts) => {
      const answer = await session.run(batchFeeds(prompted, batch, prompts), [logits])
      const { dims, data } = requireFloats(answer[logits], logits)
      return { rows: dims[0], columns: dims[1], data }
    },
    release: session.release
  }
}
