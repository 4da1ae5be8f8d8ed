/**
 * Queries one model with any number of entrants (prompts, manual templates, random vectors) on the same examples in
 * one pass: the vectors of all entrants stand in one stack of virtual tokens, and each row asks with its own.
 */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { LabelledPrediction, SkippedExamples } from '#engine/common/contract/evaluation.ts'
import { type Matrix, row } from '#engine/common/contract/matrix.ts'
import type { Example } from '#engine/common/contract/tasks.ts'
import { lengthBuckets, padBatch, type Question } from '#engine/language-model/batches.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { type EncodedExample, type EncodedSplit, encodeExamples, noUsableExample } from './encode-examples.ts'
import type { Entrant } from './entrant.ts'
import { type Prediction, rankCandidates } from './metrics.ts'
import type { Verbaliser } from './verbaliser.ts'

export type EntrantAnswers = {
  readonly skipped: SkippedExamples
  readonly predictions: readonly LabelledPrediction[]
}

export type EvaluationOptions = {
  /** Name of the task, for errors. */
  readonly task?: string
  readonly signal?: AbortSignal | undefined
  /** Told of every batch: rows done and rows in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** One example asked with one entrant. */
type Row = { readonly entrant: number; readonly encoded: EncodedExample; readonly question: Question }

/** The vectors of all entrants in one stack `[Σm, e]`, and where each entrant's begin. */
function stackVectors(entrants: readonly Entrant[], width: number): { stack: Matrix; first: number[] } {
  const first: number[] = []
  let rows = 0
  for (const { vectors } of entrants) {
    first.push(rows)
    rows += vectors.rows
  }
  const data = new Float32Array(rows * width)
  for (const [index, { vectors }] of entrants.entries()) data.set(vectors.data, first[index] * width)
  return { stack: { rows, columns: width, data }, first }
}

/** The question with its vectors counted from row `first` of the stack. */
function shiftVectors(question: Question, first: number): Question {
  return { ...question, ids: question.ids.map((id) => (id < 0 ? id - first : id)) }
}

/**
 * Ranks the label of every example for every entrant.
 * @param verbaliser the candidates; null: every token of the model is one
 * @throws AnchorageError `mismatch` where none of the examples can be asked
 */
export async function evaluate(
  model: LanguageModel,
  entrants: readonly Entrant[],
  examples: readonly Example[],
  verbaliser: Verbaliser | null,
  options: EvaluationOptions = {}
): Promise<EntrantAnswers[]> {
  const { stack, first } = stackVectors(entrants, model.width)
  const splits = encodeForEach(model, entrants, examples, verbaliser)
  const rows: Row[] = splits.flatMap((split, entrant) =>
    split.examples.map((encoded) => ({
      entrant,
      encoded,
      question: shiftVectors(encoded.question, first[entrant])
    }))
  )
  if (rows.length === 0 && splits.length > 0 && examples.length > 0) {
    throw noUsableExample(examples, splits[0].skipped, [options.task ?? 'the task', model.name])
  }
  const candidates = candidateTokens(model, verbaliser)
  const predictions = await askAll(model, rows, stack, candidates, options)

  const word = (token: number) =>
    verbaliser?.wordOf.get(token) ?? model.tokenizer.vocabulary.byId.get(token)?.stored ?? `#${token}`
  const answers = splits.map(({ skipped }) => {
    const answered: LabelledPrediction[] = []
    return { skipped, predictions: answered }
  })
  for (const [index, { entrant, encoded }] of rows.entries()) {
    const { rank, loss, top } = predictions[index]
    answers[entrant].predictions.push({
      example: encoded.example.id,
      input: encoded.example.input,
      label: encoded.example.label,
      rank,
      loss,
      top: top.map(({ token, probability }) => ({ word: word(token), probability }))
    })
  }
  return answers
}

/** The examples as each entrant asks them; entrants with one template share the encoding. */
function encodeForEach(
  model: LanguageModel,
  entrants: readonly Entrant[],
  examples: readonly Example[],
  verbaliser: Verbaliser | null
): EncodedSplit[] {
  const byTemplate = new Map<string, EncodedSplit>()
  return entrants.map(({ template }) => {
    const split = byTemplate.get(template.source) ?? encodeExamples(examples, template, model, verbaliser)
    byTemplate.set(template.source, split)
    return split
  })
}

/** The tokens that are ranked: the candidates, or all tokens that have a row in the table. */
function candidateTokens(model: LanguageModel, verbaliser: Verbaliser | null): Int32Array {
  const tokens = verbaliser?.tokens ?? Int32Array.from(model.tokenizer.vocabulary.byId.keys())
  return tokens.filter((token) => token < model.firstVirtualToken)
}

/** The predictions of all rows, in their order. */
async function askAll(
  model: LanguageModel,
  rows: readonly Row[],
  stack: Matrix,
  candidates: Int32Array,
  options: EvaluationOptions
): Promise<Prediction[]> {
  const questions = rows.map(({ question }) => question)
  const predictions = new Array<Prediction>(rows.length)
  let done = 0
  for (const bucket of lengthBuckets(questions, model.batchTokens)) {
    throwIfCancelled(options.signal)
    const batch = padBatch(
      bucket.map((index) => questions[index]),
      model.firstVirtualToken,
      model.padToken
    )
    const logits = await model.answer(batch, stack)
    for (const [batchRow, index] of bucket.entries()) {
      predictions[index] = rankCandidates(row(logits, batchRow), candidates, rows[index].encoded.labelToken)
    }
    done += bucket.length
    options.onProgress?.(done, rows.length)
  }
  return predictions
}
