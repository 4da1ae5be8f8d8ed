/** The kind of a model by the name of its architecture, on names that transformers writes. */
import { describe, expect, it } from 'vitest'
import { modelKind } from '#engine/models/model-kind.ts'

const plain = { isEncoderDecoder: false, isMultimodal: false }

describe('the kind of a model', () => {
  it.each([
    ['BertForMaskedLM', 'masked'],
    ['BertForPreTraining', 'masked'],
    ['Gemma3ForCausalLM', 'causal'],
    ['GPT2LMHeadModel', 'causal'],
    ['RobertaForCausalLM', 'causal'],
    ['T5ForConditionalGeneration', 'encoder-decoder']
  ] as const)('of %s is %s, with a mask token and without', (architecture, kind) => {
    for (const hasMaskToken of [true, false]) {
      expect(modelKind({ ...plain, architecture }, hasMaskToken)).toEqual({ kind, notes: [] })
    }
  })

  it('of a model of text and images is that of its language model', () => {
    const settings = { ...plain, architecture: 'Gemma3ForConditionalGeneration', isMultimodal: true }
    expect(modelKind(settings, true).kind).toBe('causal')
  })

  it.each(['T5WithLMHeadModel', 'BartModel'])('of %s follows from is_encoder_decoder', (architecture) => {
    expect(modelKind({ ...plain, architecture, isEncoderDecoder: true }, false).kind).toBe('encoder-decoder')
  })

  it.each([
    ['XLMWithLMHeadModel', true, 'masked'],
    ['BertModel', true, 'masked'],
    [undefined, false, 'causal']
  ] as const)('of %s is told by the mask token, and it says so', (architecture, hasMaskToken, kind) => {
    const told = modelKind({ ...plain, architecture }, hasMaskToken)
    expect(told).toEqual({ kind, notes: [expect.stringContaining(`taken for a ${kind} language model`)] })
  })
})
