/** How long the engine takes to open a causal model, to ask it a batch and for a tuning step on it. */

import { padBatch, type Question } from '#engine/language-model/batches.ts'
import { openLanguageModel } from '#engine/language-model/open-language-model.ts'
import { openModelAlone } from '#engine/models/open-model.ts'
import { openPromptGradient } from '#engine/tuning/open-prompt-gradient.ts'

/** Rows of one batch; `-1 - r` is row `r` of the prompt, the last token of each row is answered with its label. */
export type TimedBatch = {
  readonly ids: readonly (readonly number[])[]
  readonly labels: readonly number[]
  readonly vectors: number
}

/** Seconds; those of a query and of a step are the best of several. */
export type Times = { readonly opening: number; readonly query: number; readonly step: number }

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return (performance.now() - start) / 1000
}

async function best(rounds: number, run: () => Promise<unknown>): Promise<number> {
  await run()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await seconds(run))
  return Math.min(...times)
}

/** @param folder a folder of Hugging Face or a `.gguf` */
export async function timeEngine(folder: string, timed: TimedBatch, rounds: number): Promise<Times> {
  const opened = async () => {
    const model = await openModelAlone({ folder })
    return { model, language: await openLanguageModel(model, 'cpu') }
  }
  const start = performance.now()
  const { model, language } = await opened()
  const opening = (performance.now() - start) / 1000
  const questions = timed.ids.map((ids): Question => ({ ids, answerPosition: ids.length - 1 }))
  const batch = padBatch(questions, language.firstVirtualToken, language.padToken)
  const prompt = {
    rows: timed.vectors,
    columns: language.width,
    data: new Float32Array(timed.vectors * language.width).fill(0.1)
  }
  const query = await best(rounds, () => language.answer(batch, prompt))
  await language.release()
  const gradient = await openPromptGradient(model, { amongCandidates: false }, 'cpu')
  const labels = { kind: 'labels', tokens: Int32Array.from(timed.labels) } as const
  const step = await best(rounds, () => gradient.lossAndGradient(batch, labels, prompt, null))
  await gradient.release()
  return { opening, query, step }
}
