/** The examples of a split for one model: encoded, with what had to be skipped and why. */
import type { SkippedExamples } from '../contract/evaluation.ts'
import type { Example } from '../contract/tasks.ts'
import type { Question } from '../language-model/batches.ts'
import type { Tokenizer } from '../models/tokenizer.ts'
import { templateEncoder } from './encode-template.ts'
import type { Template } from './template.ts'
import { type Verbaliser, wordToken } from './verbaliser.ts'

export type EncodedExample = {
  readonly example: Example
  readonly question: Question
  /** The token that belongs there. */
  readonly labelToken: number
}

export type EncodedSplit = { readonly examples: readonly EncodedExample[]; readonly skipped: SkippedExamples }

/**
 * Encodes examples with a template.
 * @param verbaliser the candidates, or null where every token is one
 * @param maximumLength longest sequence the model takes, in tokens
 */
export function encodeExamples(
  examples: readonly Example[],
  template: Template,
  tokenizer: Tokenizer,
  verbaliser: Verbaliser | null,
  maximumLength: number
): EncodedSplit {
  const encode = templateEncoder(template, tokenizer)
  const encoded: EncodedExample[] = []
  const skipped: SkippedExamples = { labelNotOneToken: 0, labelNotCandidate: 0, tooLong: 0 }
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
    else encoded.push({ example, question, labelToken })
  }
  return { examples: encoded, skipped }
}
