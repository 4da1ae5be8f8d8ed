/**
 * Compares language models at work with PyTorch's numbers: the embedding table, logits without and with a
 * prompt, the loss and its gradient by the prompt.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import type { agreementRowSchema } from '../contract/engine-methods.ts'
import { AnchorageError, throwIfCancelled } from '../contract/errors.ts'
import { openModel } from '../models/open-model.ts'
import { positionsInput } from '../onnx/answer-head.ts'
import { differentiateByPrompt } from '../onnx/gradients/prompt-gradient.ts'
import type { ModelProto } from '../onnx/messages.ts'
import { encodeModel } from '../onnx/model-proto.ts'
import { openSession } from '../runtime/session.ts'
import type { Tensor } from '../runtime/tensor.ts'
import { type ReferenceModel, readReferenceModel } from './reference-model.ts'

export type AgreementRow = z.infer<typeof agreementRowSchema>

/** Largest differences that float32 in another order of sums explains. */
const tolerances = {
  table: 0,
  logits: 1e-4,
  loss: 1e-5,
  /** Relative to the largest element of the gradient. */
  gradient: 1e-4
} as const

function largestDifference(actual: Tensor['data'], expected: Float32Array): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  return expected.reduce(
    (largest, value, index) => Math.max(largest, Math.abs(value - Number(actual[index]))),
    0
  )
}

function compare(what: string, difference: number, tolerance: number): AgreementRow {
  return { what, largestDifference: difference, tolerance, agrees: difference <= tolerance }
}

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

async function agreeModel(folder: string, name: string): Promise<AgreementRow[]> {
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
  return [
    compare(
      `${name}: embedding table`,
      largestDifference(table.data, tensor('word_embeddings').values),
      tolerances.table
    ),
    compare(
      `${name}: logits`,
      largestDifference(plain['logits'].data, tensor('logits').values),
      tolerances.logits
    ),
    compare(
      `${name}: prompted logits`,
      largestDifference(answered[prompted.head.logits].data, tensor('prompted_logits').values),
      tolerances.logits
    ),
    compare(
      `${name}: loss`,
      largestDifference(stepped[step.loss].data, tensor('loss').values),
      tolerances.loss
    ),
    compare(
      `${name}: gradient by the prompt, relative`,
      largestDifference(stepped[step.gradient].data, gradient) / scale,
      tolerances.gradient
    )
  ]
}

/**
 * Every model of `models/` in a folder laid out like the reference data.
 * @throws AnchorageError where a model cannot be read or run
 */
export async function agreeModels(
  folder: string,
  {
    signal,
    onModel
  }: { signal?: AbortSignal; onModel?: (name: string, index: number, count: number) => void } = {}
): Promise<AgreementRow[]> {
  const models = join(folder, 'models')
  const entries = await readdir(models, { withFileTypes: true }).catch((cause: unknown) => {
    throw new AnchorageError(
      'file-not-found',
      'The folder has no reference models.',
      { where: models },
      cause
    )
  })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const rows: AgreementRow[] = []
  for (const [index, name] of names.sort().entries()) {
    throwIfCancelled(signal)
    onModel?.(name, index, names.length)
    rows.push(...(await agreeModel(join(models, name), name)))
  }
  return rows
}
