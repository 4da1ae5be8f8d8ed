import { expect, test } from 'vitest'
import { readModelConfig } from '#engine/models/model-config.ts'
import { modelFolder } from '#test/support/model-folder.ts'

test.each([
  ['a size of its own', { head_dim: 16, num_attention_heads: 4, num_key_value_heads: 2 }, 2, 16],
  ['an even share of the hidden size', { num_attention_heads: 2, num_key_value_heads: null }, 2, 2],
  ['the names of GPT-2', { n_head: 4 }, 4, 1],
  ['sizes for each layer, which are not one number', { num_attention_heads: [2, 4] }, undefined, undefined]
])('heads of keys and values by %s', async (_, settings, heads, headSize) => {
  const { cache } = await readModelConfig(await modelFolder({ hidden_size: 4, ...settings }))
  expect(cache).toEqual({ heads, headSize })
})
