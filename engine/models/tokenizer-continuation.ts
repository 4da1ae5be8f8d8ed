/**
 * The tokenizer of text that stands behind other text. Llama 2, Mistral and Phi-3 put `▁` before every text that they
 * are given, also before one that begins with a space, so that `' word'` comes out as `▁` and `▁word`; newer
 * descriptions of the same tokenizers put it before the first text alone.
 */
import { type PipelineStep, stepsOf, type TokenizerDocument } from './tokenizer-definition.ts'

const marksStart = (step: PipelineStep) => step.type === 'Prepend'
const marksFirst = (step: PipelineStep) => step.type === 'Metaspace' && step['prepend_scheme'] === 'first'

/** The description without what marks the start of a text; the same object where nothing does. */
export function continuationDocument(document: TokenizerDocument): TokenizerDocument {
  const normalisers = stepsOf(document.normalizer)
  const preTokenizers = stepsOf(document.pre_tokenizer)
  if (!normalisers.some(marksStart) && !preTokenizers.some(marksFirst)) return document
  return {
    ...document,
    normalizer: { type: 'Sequence', normalizers: normalisers.filter((step) => !marksStart(step)) },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: preTokenizers.map((step) =>
        marksFirst(step) ? { ...step, prepend_scheme: 'never' } : step
      )
    }
  }
}
