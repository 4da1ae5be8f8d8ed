/**
 * What teachers answer: the weighted mean over source models, each with its own prompt, of their distributions over the
 * candidate words that all models of a refinement share.
 */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { row } from '#engine/common/contract/matrix.ts'
import { encodeExamples } from '#engine/evaluation/encode-examples.ts'
import type { ReadyCondition } from '#engine/evaluation/ready-condition.ts'
import { buildVerbaliser } from '#engine/evaluation/verbaliser.ts'
import { batchQuestions } from '#engine/language-model/batch-questions.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import type { Tokenizer } from '#engine/models/tokenizer.ts'

/** An input of a task, which is all that a refinement sees of an example. */
export type UnlabelledInput = { readonly id: string; readonly input: string }

/** The words that are one token of their own in every model, in their order. */
export function sharedWords(words: readonly string[], tokenizers: readonly Tokenizer[]): string[] {
  return tokenizers.reduce(
    (left, tokenizer) => [...buildVerbaliser(left, tokenizer).wordOf.values()],
    [...new Set(words)]
  )
}

/**
 * One teacher's probabilities of `words` for every input, `[inputs, words]`: the softmax over the words' logits alone. A
 * row of an input that the model can't be asked, such as one that is too long, is zero.
 */
export async function answerInputs(
  model: LanguageModel,
  { template, vectors }: ReadyCondition,
  inputs: readonly UnlabelledInput[],
  words: readonly string[],
  signal: AbortSignal
): Promise<Matrix> {
  const verbaliser = buildVerbaliser(words, model.tokenizer)
  // Encoding asks for some label; which one makes no difference to the question.
  const unlabelled = inputs.map((input) => ({ ...input, label: words[0] }))
  const { examples } = encodeExamples(unlabelled, template, model, verbaliser)
  const place = new Map(inputs.map(({ id }, index) => [id, index]))
  const probabilities = new Float32Array(inputs.length * words.length)
  const questions = examples.map(({ question }) => question)
  for (const { indices, batch } of batchQuestions(questions, model)) {
    throwIfCancelled(signal)
    const logits = await model.answer(batch, vectors)
    for (const [answer, index] of indices.entries()) {
      const at = place.get(examples[index].example.id) ?? 0
      probabilities.set(softmaxOf(row(logits, answer), verbaliser.tokens), at * words.length)
    }
  }
  return { rows: inputs.length, columns: words.length, data: probabilities }
}

/** The probabilities of some tokens among themselves, `[c]`. @param logits `[V]` */
function softmaxOf(logits: Float32Array, tokens: Int32Array): Float64Array {
  let highest = Number.NEGATIVE_INFINITY
  for (const token of tokens) highest = Math.max(highest, logits[token])
  const powers = Float64Array.from(tokens, (token) => Math.exp(logits[token] - highest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

export type TeacherAnswer = UnlabelledInput & {
  /** The most probable word, and its probability among the candidates. */
  readonly label: string
  readonly confidence: number
  /** The probabilities of all words, `[words]`. */
  readonly distribution: Float32Array
}

/**
 * The answers to the inputs that every teacher could be asked: `Σ_j w_j·p_j / Σ_j w_j`, and its most probable word.
 * @param teachers probabilities `[inputs, words]` with their weights
 */
export function combineAnswers(
  inputs: readonly UnlabelledInput[],
  words: readonly string[],
  teachers: readonly { readonly probabilities: Matrix; readonly weight: number }[]
): TeacherAnswer[] {
  const total = teachers.reduce((sum, { weight }) => sum + weight, 0)
  return inputs.flatMap((input, i) => {
    const rows = teachers.map(({ probabilities }) => row(probabilities, i))
    if (rows.some((own) => own.every((value) => value === 0))) return []
    const distribution = Float32Array.from(
      words,
      (_, w) => rows.reduce((sum, own, j) => sum + teachers[j].weight * own[w], 0) / total
    )
    const confidence = distribution.reduce((most, one) => Math.max(most, one))
    return [{ ...input, label: words[distribution.indexOf(confidence)], confidence, distribution }]
  })
}
