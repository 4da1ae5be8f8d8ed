/**
 * Queries one model with any number of conditions (prompts, manual templates, random vectors) on the same examples in
 * one pass: the vectors of all conditions stand in one stack of virtual tokens, and each row asks with its own.
 */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { LabelledPrediction, SkippedExamples } from '#engine/common/contract/evaluation.ts'
import { type Matrix, row } from '#engine/common/contract/matrix.ts'
import type { Example } from '#engine/common/contract/tasks.ts'
import { batchQuestions } from '#engine/language-model/batch-questions.ts'
import type { Question } from '#engine/language-model/batches.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { type EncodedExample, type EncodedSplit, encodeExamples, noUsableExample } from './encode-examples.ts'
import { type Prediction, rankCandidates } from './metrics.ts'
import type { ReadyCondition } from './ready-condition.ts'
import type { Verbaliser } from './verbaliser.ts'

export type ConditionAnswers = {
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

/** One example asked with one condition. */
type Row = { readonly condition: number; readonly encoded: EncodedExample; readonly question: Question }

/** The vectors of all conditions in one stack `[Σm, e]`, and where each condition's begin. */
function stackVectors(ready: readonly ReadyCondition[], width: number): { stack: Matrix; first: number[] } {
  const first: number[] = []
  let rows = 0
  for (const { vectors } of ready) {
    first.push(rows)
    rows += vectors.rows
  }
  const data = new Float32Array(rows * width)
  for (const [index, { vectors }] of ready.entries()) data.set(vectors.data, first[index] * width)
  return { stack: { rows, columns: width, data }, first }
}

/** The question with its vectors counted from row `first` of the stack. */
function shiftVectors(question: Question, first: number): Question {
  return { ...question, ids: question.ids.map((id) => (id < 0 ? id - first : id)) }
}

/**
 * Ranks the label of every example for every condition.
 * @param verbaliser the candidates; null: every token of the model is one
 * @throws AnchorageError `mismatch` where none of the examples can be asked
 */
export async function evaluate(
  model: LanguageModel,
  ready: readonly ReadyCondition[],
  examples: readonly Example[],
  verbaliser: Verbaliser | null,
  options: EvaluationOptions = {}
): Promise<ConditionAnswers[]> {
  const { stack, first } = stackVectors(ready, model.width)
  const splits = encodeForEach(model, ready, examples, verbaliser)
  const rows: Row[] = splits.flatMap((split, condition) =>
    split.examples.map((encoded) => ({
      condition,
      encoded,
      question: shiftVectors(encoded.question, first[condition])
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
  for (const [index, { condition, encoded }] of rows.entries()) {
    const { rank, loss, top } = predictions[index]
    answers[condition].predictions.push({
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

/** The examples as each condition asks them; conditions with one template share the encoding. */
function encodeForEach(
  model: LanguageModel,
  ready: readonly ReadyCondition[],
  examples: readonly Example[],
  verbaliser: Verbaliser | null
): EncodedSplit[] {
  const byTemplate = new Map<string, EncodedSplit>()
  return ready.map(({ template }) => {
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
  for (const { indices, batch } of batchQuestions(questions, model)) {
    throwIfCancelled(options.signal)
    const logits = await model.answer(batch, stack)
    for (const [answer, index] of indices.entries()) {
      predictions[index] = rankCandidates(row(logits, answer), candidates, rows[index].encoded.labelToken)
    }
    done += indices.length
    options.onProgress?.(done, rows.length)
  }
  return predictions
}
