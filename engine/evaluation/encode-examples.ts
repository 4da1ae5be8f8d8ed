/** The examples of a split for one model: encoded, with what had to be skipped and why. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { SkippedExamples } from '#engine/common/contract/evaluation.ts'
import type { Example } from '#engine/common/contract/tasks.ts'
import type { Question } from '#engine/language-model/batches.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { type AskedModel, templateEncoder } from './encode-template.ts'
import type { Template } from './template.ts'
import { type Verbaliser, wordToken } from './verbaliser.ts'

export type EncodedExample = {
  readonly example: Example
  readonly question: Question
  /** The token that belongs there. */
  readonly labelToken: number
}

export type EncodedSplit = { readonly examples: readonly EncodedExample[]; readonly skipped: SkippedExamples }

/** What encoding needs to know of a model. */
export type EncodingModel = AskedModel & Pick<LanguageModel, 'maximumLength' | 'firstVirtualToken'>

/**
 * Encodes examples with a template.
 * @param verbaliser the candidates, or null where every token is one
 */
export function encodeExamples(
  examples: readonly Example[],
  template: Template,
  model: EncodingModel,
  verbaliser: Verbaliser | null
): EncodedSplit {
  const { tokenizer, maximumLength, firstVirtualToken } = model
  const encode = templateEncoder(template, model)
  const encoded: EncodedExample[] = []
  const skipped: SkippedExamples = { labelNotOneToken: 0, labelNotCandidate: 0, tooLong: 0, noEmbedding: 0 }
  for (const example of examples) {
    const labelToken = wordToken(example.label, tokenizer)
    if (labelToken === undefined) {
      skipped.labelNotOneToken++
      continue
    }
    if (verbaliser !== null && !verbaliser.wordOf.has(labelToken)) {
      skipped.labelNotCandidate++
      continue
    }
    const question = encode(example.input)
    if (question.ids.length > maximumLength) skipped.tooLong++
    else if ([labelToken, ...question.ids].some((id) => id >= firstVirtualToken)) skipped.noEmbedding++
    else encoded.push({ example, question, labelToken })
  }
  return { examples: encoded, skipped }
}

/**
 * Says why none of the examples can be asked, with the labels of the first.
 * @param names of task and model
 */
export function noUsableExample(
  examples: readonly Example[],
  skipped: SkippedExamples,
  [task, model]: readonly [string, string]
): AnchorageError {
  const reasons: [number, string][] = [
    [skipped.labelNotOneToken, 'labels that are not one token of the model'],
    [skipped.labelNotCandidate, 'labels that are not among the candidates'],
    [skipped.tooLong, 'sequences longer than the model takes'],
    [skipped.noEmbedding, 'tokens without an embedding']
  ]
  const counts = reasons.flatMap(([count, what]) => (count === 0 ? [] : [`${count} × ${what}`])).join(', ')
  const labels = [...new Set(examples.map(({ label }) => JSON.stringify(label)))].slice(0, 5).join(', ')
  return new AnchorageError('mismatch', 'None of the examples can be evaluated on this model.', {
    where: `${task} on ${model}`,
    found: `${counts}; the labels begin with ${labels}`,
    expected: 'at least one example whose label is one token of the model and one of the candidates',
    next: 'Look a label up among the words of the model, and check the label words and the candidate vocabulary of the task.'
  })
}
