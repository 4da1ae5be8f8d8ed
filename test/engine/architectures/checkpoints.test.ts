/** Old names of weights, and what is refused. */
import { describe, expect, it } from 'vitest'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { familyDifferences, openFamily } from '#test/support/families.ts'
import { type Changes, rewrittenCheckpoint } from '#test/support/rewritten-checkpoint.ts'

describe('checkpoints', () => {
  it.each<[string, string, Changes]>([
    [
      'gamma and beta of BERT’s norms',
      'bert',
      {
        rename: (name) =>
          name.replace(/(LayerNorm)\.weight$/, '$1.gamma').replace(/(LayerNorm)\.bias$/, '$1.beta')
      }
    ],
    ['names without the first part', 'gpt2', { rename: (name) => name.replace('transformer.', '') }],
    ['a base model’s names beside a head', 'roberta', { rename: (name) => name.replace('roberta.', '') }],
    [
      'the bias of a head’s linear layer',
      'bert',
      { rename: (name) => name.replace('cls.predictions.bias', 'cls.predictions.decoder.bias') }
    ],
    [
      'the language model of a model of text and images',
      'qwen3',
      { rename: (name) => name.replace(/^model\./, 'model.language_model.') }
    ],
    ['weights at odd bytes', 'gpt2', { shift: 1 }]
  ])('%s are taken', async (_, family, changes) => {
    const differences = await familyDifferences(await rewrittenCheckpoint(family, changes))
    expect(Math.max(...Object.values(differences))).toBeLessThan(1e-4)
  })

  it.each<[string, string, Changes, RegExp]>([
    ['an unknown family', 'bert', { settings: { model_type: 'xlnet' } }, /type xlnet.*bert.*gpt2/],
    [
      'an unknown activation',
      'bert',
      { settings: { hidden_act: 'mish' } },
      /setting hidden_act.*"mish".*gelu/
    ],
    [
      'another kind of positions',
      'bert',
      { settings: { position_embedding_type: 'relative_key' } },
      /position_embedding_type.*relative_key.*absolute/
    ],
    [
      'an unknown scaling of rotary positions',
      'llama',
      { settings: { rope_parameters: { rope_type: 'mrope', rope_theta: 1e4 } } },
      /rope_parameters\.rope_type.*mrope.*llama3/
    ],
    ['an encoder as a decoder', 'bert', { settings: { is_decoder: true } }, /is_decoder.*true.*false/],
    [
      'quantised weights',
      'llama',
      { settings: { quantization_config: { quant_method: 'gptq' } } },
      /quantised.*gptq/
    ],
    [
      'a head that was not saved',
      'bert',
      { rename: (name) => (name.startsWith('cls') ? undefined : name) },
      /no head for words/
    ],
    [
      'an untied head that was not saved',
      'llama',
      { rename: (name) => (name === 'lm_head.weight' ? undefined : name) },
      /no head for words/
    ],
    [
      'a tied model that is no language model',
      'gpt2',
      { settings: { architectures: ['GPT2Model'] } },
      /no head for words.*GPT2Model/
    ],
    [
      'a missing weight',
      'gpt2',
      { rename: (name) => (name.includes('h.1.ln_2.weight') ? undefined : name) },
      /lack the tensor transformer\.h\.1\.ln_2\.weight/
    ],
    ['weights of other sizes', 'gpt2', { settings: { n_inner: 64 } }, /c_fc.*\[32, 128\].*\[32, 64\]/]
  ])('%s is refused by name', async (_, family, changes, expected) => {
    const folder = await rewrittenCheckpoint(family, changes)
    const error = await openFamily(folder).catch((thrown: unknown) => thrown)
    if (!(error instanceof AnchorageError)) throw error
    expect([error.message, ...Object.values(error.detail)].join(' ')).toMatch(expected)
  })
})
