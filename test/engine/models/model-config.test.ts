import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readModelConfig } from '#engine/models/model-config.ts'
import { modelFolder } from '#test/support/model-folder.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

test.each([
  ['a size of its own', { head_dim: 16, num_attention_heads: 4, num_key_value_heads: 2 }, 2, 16],
  ['an even share of the hidden size', { num_attention_heads: 2, num_key_value_heads: null }, 2, 2],
  ['the names of GPT-2', { n_head: 4 }, 4, 1],
  ['sizes for each layer, which are not one number', { num_attention_heads: [2, 4] }, undefined, undefined]
])('heads of keys and values by %s', async (_, settings, heads, headSize) => {
  const { cache } = await readModelConfig(await modelFolder({ hidden_size: 4, ...settings }))
  expect(cache).toEqual({ heads, headSize })
})

test('genai_config.json stands in for config.json', async () => {
  const folder = await temporaryFolder()
  const decoder = { hidden_size: 64, head_size: 16, num_attention_heads: 4, num_key_value_heads: 2 }
  const model = { type: 'gemma2', vocab_size: 422, context_length: 64, decoder }
  await writeFile(join(folder, 'genai_config.json'), JSON.stringify({ model, search: {} }))
  expect(await readModelConfig(folder)).toMatchObject({
    family: 'gemma2',
    architecture: 'gemma2ForCausalLM',
    isEncoderDecoder: false,
    isMultimodal: false,
    vocabularySize: 422,
    width: 64,
    embeddingScale: 8,
    maximumLength: 64,
    cache: { heads: 2, headSize: 16 }
  })
})

test('a genai_config.json that says nothing of a decoder is refused by its name', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'genai_config.json'), '{"model": {"type": "llama"}}')
  await expect(readModelConfig(folder)).rejects.toMatchObject({
    code: 'file-malformed',
    detail: {
      where: join(folder, 'genai_config.json'),
      expected: expect.stringContaining('onnxruntime-genai')
    }
  })
})
