/**
 * What prompts and gradients cost on a model of BERT-base's sizes: the grafted model against the plain one, a
 * tuning step against a forward pass, memory, and which operators of a step take the time. Ratios of medians,
 * measured in turns within one run.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as onnxruntime from 'onnxruntime-node'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { openSession, type Session } from '#engine/devices/session.ts'
import { positionsInput } from '#engine/onnx/answer-head.ts'
import { copyModel } from '#engine/onnx/copy-model.ts'
import { graftPrompt, promptInput } from '#engine/onnx/embedding-graft.ts'
import { labelsInput } from '#engine/onnx/gradients/loss-head.ts'
import { differentiateByPrompt } from '#engine/onnx/gradients/prompt-gradient.ts'
import { readModelFile } from '#engine/onnx/model-file.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import { type PromptedModel, readPromptedModel } from '#engine/onnx/prompted-model.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { bertBase, tokenBatch, writeBertBase } from './bert-base.ts'
import { type Page, ratioFigure } from './figures.ts'
import { notMeasured, pytorchStep } from './pytorch.ts'

export const batchRows = 16
const [rows, length, vectors, rounds] = [batchRows, 24, 5, 7]

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** Median milliseconds of each run; all take turns, so that what else the machine does strikes all alike. */
async function inTurns(runs: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const times = runs.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, run] of runs.entries()) {
      const start = performance.now()
      await run()
      if (round > 0) times[index].push(performance.now() - start)
    }
  }
  return times.map(median)
}

export function feedsOf(prompted: PromptedModel, withPrompt: boolean): Record<string, Tensor> {
  const at = Array.from({ length: rows }, (_, row) => [row, length - 3])
  return {
    ...prompted.feeds(tokenBatch(rows, length, withPrompt ? vectors : 0)),
    [promptInput]: {
      type: 'float32',
      dims: [vectors, bertBase.hidden],
      data: seededNormal(3, vectors * bertBase.hidden, 0, 0.02)
    },
    [positionsInput]: { type: 'int64', dims: [rows, 2], data: BigInt64Array.from(at.flat(), BigInt) },
    [labelsInput]: {
      type: 'int64',
      dims: [rows],
      data: BigInt64Array.from({ length: rows }, (_, row) => BigInt(row))
    }
  }
}

export function runner(session: Session, feeds: Record<string, Tensor>): () => Promise<unknown> {
  const own = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]]))
  return () => session.run(own)
}

const residentMegabytes = (): number => Math.round(process.memoryUsage.rss() / 1e6)

type ProfileEvent = { cat: string; dur: number; args?: { op_name?: string } }

/** Shares of the operators in the time of a step, largest first, from onnxruntime's own profile. */
async function operatorShares(model: Uint8Array, prompted: PromptedModel, folder: string): Promise<string[]> {
  const session = await onnxruntime.InferenceSession.create(model, {
    enableProfiling: true,
    profileFilePrefix: join(folder, 'profile'),
    extra: { session: { model_external_initializers_file_folder_path: prompted.folder } }
  })
  const feeds = feedsOf(prompted, true)
  const tensors = session.inputNames.map((name): [string, onnxruntime.Tensor] => {
    const { type, data, dims } = feeds[name]
    return [name, new onnxruntime.Tensor(type, data, dims)]
  })
  for (let run = 0; run < 3; run++) await session.run(Object.fromEntries(tensors))
  session.endProfiling()
  await session.release()
  const file = (await readdir(folder)).find((name) => name.startsWith('profile'))
  const events: ProfileEvent[] = JSON.parse(await readFile(join(folder, file ?? ''), 'utf8'))
  const times = new Map<string, number>()
  for (const { cat, dur, args } of events) {
    if (cat === 'Node' && args?.op_name) times.set(args.op_name, (times.get(args.op_name) ?? 0) + dur)
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  const sorted = [...times].sort(([, a], [, b]) => b - a).slice(0, 8)
  return sorted.map(([operator, time]) => `${operator} ${Math.round((100 * time) / total)} %`)
}

export async function benchTuningStep(page: Page): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-bench-'))
  try {
    const path = await writeBertBase(folder)
    const prompted = await readPromptedModel(path)
    const started = performance.now()
    const step = differentiateByPrompt(prompted, { amongCandidates: false })
    const [before, after] = [prompted.model.graph.node.length, step.model.graph.node.length]
    page.text(`differentiating ${before} nodes to ${after}: ${Math.round(performance.now() - started)} ms`)

    const file = await readModelFile(path)
    const grafted = copyModel(file.model)
    graftPrompt(grafted, path)
    const settings = { device: 'cpu', externalDataFolder: prompted.folder } as const
    const open = (model: typeof grafted) => openSession(encodeModel(model), settings)
    const sessions = [await open(file.model), await open(grafted), await open(prompted.model)]
    const [words, mixed] = [feedsOf(prompted, false), feedsOf(prompted, true)]
    const forward = runner(sessions[2], mixed)
    await forward()
    const memory = residentMegabytes()
    sessions.push(await open(step.model))
    const stepping = runner(sessions[3], mixed)
    const [plainTime, graftedTime, forwardTime, stepTime] = await inTurns([
      runner(sessions[0], words),
      runner(sessions[1], words),
      forward,
      stepping
    ])
    const size = `${rows} × ${length} tokens`
    page.text(`plain model, logits everywhere, ${size}: ${Math.round(plainTime)} ms`)
    page.text(`grafted model / plain model: ${(graftedTime / plainTime).toFixed(2)}`)
    page.text(`logits at one position per row / everywhere: ${(forwardTime / graftedTime).toFixed(2)}`)
    page.figures([ratioFigure('tuning step : forward pass', stepTime / forwardTime, 2)])
    page.text(`a step: ${Math.round(stepTime)} ms`)
    const pytorch = await pytorchStep('tuning')
    if (pytorch === null) page.text(notMeasured)
    else page.figures([ratioFigure('tuning step : the same in PyTorch', stepTime / 1000 / pytorch, 0.7)])
    page.text(`memory that the step's session takes beside the others: ${residentMegabytes() - memory} MB`)
    for (const session of sessions) await session.release()
    const shares = await operatorShares(encodeModel(step.model), prompted, folder)
    page.text(`where a step's time goes: ${shares.join(', ')}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
