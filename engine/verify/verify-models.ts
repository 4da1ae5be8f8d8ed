/**
 * Compares language models at work with PyTorch's numbers: the embedding table, logits without and with a
 * prompt, the loss and its gradient by the prompt.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { VerifyRow } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { openSession } from '#engine/devices/session.ts'
import { openModel } from '#engine/models/open-model.ts'
import { positionsInput } from '#engine/onnx/answer-head.ts'
import { differentiateByPrompt } from '#engine/onnx/gradients/prompt-gradient.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { largestDifference, verifyRow } from './compare.ts'
import { type ReferenceModel, readReferenceModel } from './reference-model.ts'

/** Largest differences that float32 in another order of sums explains. */
const tolerances = {
  table: 0,
  logits: 1e-4,
  loss: 1e-5,
  /** Relative to the largest element of the gradient. */
  gradient: 1e-4
} as const

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

async function verifyModel(folder: string, name: string): Promise<VerifyRow[]> {
  const reference = await readReferenceModel(folder)
  const { graphFile, prompted, plainBatch, feeds, tensor } = reference
  const { table } = await openModel({ folder })
  const plain = await runOnce(graphFile, prompted.folder, prompted.feeds(plainBatch))
  const askedEverywhere = { ...feeds, [positionsInput]: everyPosition(plainBatch) }
  const answered = await runOnce(prompted.model, prompted.folder, askedEverywhere)
  const step = differentiateByPrompt(prompted, { amongCandidates: false })
  const stepped = await runOnce(step.model, prompted.folder, feeds)
  const gradient = tensor('prompt_grad').values
  const scale = gradient.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  const compare = (what: string, actual: ArrayLike<number>, key: string, tolerance: number, unit = 1) => {
    const row = `${name}: ${what}`
    return verifyRow(row, largestDifference(row, actual, tensor(key).values) / unit, tolerance)
  }
  return [
    compare('embedding table', table.data, 'word_embeddings', tolerances.table),
    compare('logits', numbers(plain['logits']), 'logits', tolerances.logits),
    compare('prompted logits', numbers(answered[prompted.head.logits]), 'prompted_logits', tolerances.logits),
    compare('loss', numbers(stepped[step.loss]), 'loss', tolerances.loss),
    compare(
      'gradient by the prompt, relative',
      numbers(stepped[step.gradient]),
      'prompt_grad',
      tolerances.gradient,
      scale
    )
  ]
}

function numbers({ data }: Tensor): number[] {
  return Array.from(data, Number)
}

/**
 * Every model of `models/` in a folder laid out like the reference data.
 * @throws AnchorageError where a model cannot be read or run
 */
export async function verifyModels(folder: string, signal?: AbortSignal): Promise<VerifyRow[]> {
  const models = join(folder, 'models')
  const entries = await readdir(models, { withFileTypes: true }).catch((cause: unknown) => {
    const detail = { where: models, next: 'Give a folder laid out like test/fixtures/reference.' }
    throw new AnchorageError('file-not-found', 'The folder has no reference models.', detail, cause)
  })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const rows: VerifyRow[] = []
  for (const name of names.sort()) {
    throwIfCancelled(signal)
    rows.push(...(await verifyModel(join(models, name), name)))
  }
  return rows
}
