import { describe, expect, it } from 'vitest'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { chooseTable } from '#engine/models/choose-table.ts'
import type { ModelConfig } from '#engine/models/model-config.ts'

function tensor(name: string, shape: number[], dtype = 'F32'): StoredTensor {
  return { name, dtype, shape, file: 'model.safetensors', read: () => Promise.reject(new Error('not read')) }
}

function choose(family: string, tensors: StoredTensor[], named?: string) {
  const config: ModelConfig = {
    family,
    architecture: undefined,
    isEncoderDecoder: false,
    isMultimodal: false,
    vocabularySize: 100,
    width: 8,
    embeddingScale: 1,
    maximumLength: undefined,
    decoderStart: [],
    cache: { heads: undefined, headSize: undefined },
    file: { path: 'config.json', settings: {} },
    hiddenSize: undefined
  }
  return chooseTable({ file: 'model.safetensors', tensors, traced: null, notes: [] }, config, named)
}

describe('the embedding table', () => {
  it.each([
    ['bert', 'bert.embeddings.word_embeddings.weight', 'cls.predictions.decoder.weight'],
    ['roberta', 'embeddings.word_embeddings.weight', 'lm_head.decoder.weight'],
    ['xlm-roberta', 'roberta.embeddings.word_embeddings.weight', 'lm_head.decoder.weight'],
    ['distilbert', 'distilbert.embeddings.word_embeddings.weight', 'vocab_projector.weight'],
    ['electra', 'electra.embeddings.word_embeddings.weight', 'generator_lm_head.weight'],
    ['modernbert', 'model.embeddings.tok_embeddings.weight', 'decoder.weight'],
    ['gpt2', 'transformer.wte.weight', 'lm_head.weight'],
    ['t5', 'shared.weight', 'encoder.embed_tokens.weight'],
    ['llama', 'model.embed_tokens.weight', 'lm_head.weight'],
    ['qwen3', 'model.embed_tokens.weight', 'lm_head.weight'],
    ['gemma3_text', 'language_model.model.embed_tokens.weight', 'lm_head.weight'],
    ['gpt_neox', 'gpt_neox.embed_in.weight', 'embed_out.weight'],
    ['something-new', 'model.embed_tokens.weight', 'lm_head.weight']
  ])('of %s is %s, with the head as an alternative', (family, name, head) => {
    const other = tensor('model.layers.0.weight', [8, 8])
    const choice = choose(family, [
      tensor(head, [100, 8]),
      other,
      tensor(name, [104, 8]),
      tensor(head, [104, 8])
    ])
    expect(choice.table.name).toBe(name)
    expect(choice.alternatives.map((alternative) => alternative.name)).toContain(head)
    expect(choice.alternatives).not.toContain(other)
    expect(choice.why).toContain(name.split('.').slice(-2).join('.'))
  })

  it('of two of one name is the one with the sizes of config.json', () => {
    const small = tensor('vision.embed_tokens.weight', [16, 8])
    const choice = choose('llama', [small, tensor('text.embed_tokens.weight', [100, 8])])
    expect(choice.table.name).toBe('text.embed_tokens.weight')
    expect(choice.alternatives).toEqual([small])
  })

  it('without a known name is the only matrix of its sizes', () => {
    const choice = choose('new', [tensor('mystery', [100, 8]), tensor('ids', [100, 8], 'I64')])
    expect(choice.table.name).toBe('mystery')
  })

  it('is asked for where two would do', () => {
    const two = [tensor('a.word_embeddings.weight', [100, 8]), tensor('b.word_embeddings.weight', [100, 8])]
    const detail = expect.objectContaining({ found: expect.stringContaining('b.word_embeddings') })
    const message = { code: 'needs-choice', detail }
    expect(() => choose('bert', two)).toThrow(expect.objectContaining(message))
    expect(choose('bert', two, 'b.word_embeddings.weight').table).toBe(two[1])
    const unnamed = [tensor('a', [100, 8]), tensor('b', [100, 8])]
    expect(() => choose('bert', unnamed)).toThrow(expect.objectContaining({ code: 'needs-choice' }))
  })

  it('that was named must be there and be a matrix', () => {
    const tensors = [tensor('wte.weight', [100, 8]), tensor('bias', [8]), tensor('ids', [100, 8], 'I64')]
    for (const named of ['nothing', 'bias', 'ids']) {
      expect(() => choose('gpt2', tensors, named)).toThrow(expect.objectContaining({ code: 'not-found' }))
    }
  })
})
