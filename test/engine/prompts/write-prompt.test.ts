import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Prompt } from '#engine/common/contract/prompts.ts'
import { listTensors } from '#engine/files/list-tensors.ts'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { writePrompt } from '#engine/prompts/write-prompt.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { anyFiniteValues, bits, fixture, samplePrompt } from './sample-prompts.ts'

const readable = [
  ['peft', 'adapter'],
  ['optiprompt', 'P19/prompt_vecs.npy'],
  ['torch', 'prompt.pt'],
  ['npy', 'prompt.npy'],
  ['npz', 'prompt.npz'],
  ['safetensors', 'prompt.safetensors'],
  ['json', 'prompt.json'],
  ['csv', 'prompt.csv']
] as const

/** A prompt whose values take every exponent and both zeros. */
function anyPrompt(rows: number, columns: number, seed: number): Prompt {
  const data = anyFiniteValues(rows * columns, seed)
  data.set([0, -0, 1e-45, 3.4028234e38, 0.1])
  return samplePrompt({ vectors: { rows, columns, data } })
}

describe('what is written comes back', () => {
  it.each(readable)('bit for bit as %s', async (format, name) => {
    const path = join(await temporaryFolder(), name)
    for (const seed of [1, 2, 3]) {
      const prompt = anyPrompt(7, 33, seed)
      await writePrompt({ prompt, format, path, overwrite: true })
      const again = await readPrompt({ path })
      expect(again.vectors).toMatchObject({ rows: 7, columns: 33 })
      expect(bits(again.vectors.data)).toEqual(bits(prompt.vectors.data))
    }
  })

  it.each(['json', 'safetensors'] as const)('with all that is known of the prompt as %s', async (format) => {
    const path = join(await temporaryFolder(), `prompt.${format}`)
    const prompt = samplePrompt()
    await writePrompt({ prompt, format, path })
    const { origin: _origin, ...again } = await readPrompt({ path })
    const { origin: _run, ...before } = prompt
    expect(again).toEqual(before)
  })

  it('as vLLM reads it: a torch tensor in base64, alone or in a request', async () => {
    const folder = await temporaryFolder()
    const prompt = anyPrompt(4, 8, 5)
    await writePrompt({ prompt, format: 'vllm', path: join(folder, 'prompt.txt') })
    await writePrompt({ prompt, format: 'vllm', path: join(folder, 'request.json') })
    const base64 = await readFile(join(folder, 'prompt.txt'), 'utf8')
    const request: unknown = JSON.parse(await readFile(join(folder, 'request.json'), 'utf8'))
    // A prompt beside prompt_embeds is a second one, even where it is empty.
    expect(request).toEqual({ model: 'bert-base-cased', prompt_embeds: base64 })
    await writePrompt({ prompt, format: 'vllm', path: join(folder, 'request.chat.json') })
    const chat: unknown = JSON.parse(await readFile(join(folder, 'request.chat.json'), 'utf8'))
    const content = [
      { type: 'prompt_embeds', data: base64 },
      { type: 'text', text: '' }
    ]
    expect(chat).toEqual({ model: 'bert-base-cased', messages: [{ role: 'user', content }] })
    await writeFile(join(folder, 'decoded.pt'), Buffer.from(base64, 'base64'))
    const [tensor] = await listTensors(join(folder, 'decoded.pt'))
    expect(tensor).toMatchObject({ dtype: 'F32', shape: [4, 8] })
    expect(bits((await tensor?.read()) ?? new Float32Array())).toEqual(bits(prompt.vectors.data))
  })

  it('as llama.cpp reads it: raw values, the shape beside them', async () => {
    const path = join(await temporaryFolder(), 'prompt.f32')
    const prompt = anyPrompt(4, 8, 6)
    const { files } = await writePrompt({ prompt, format: 'llama-cpp', path })
    expect(files).toEqual([path, `${path}.json`, `${path}.md`])
    const raw = await readFile(path)
    const values = Float32Array.from({ length: 32 }, (_, index) => raw.readFloatLE(4 * index))
    expect(bits(values)).toEqual(bits(prompt.vectors.data))
    expect(JSON.parse(await readFile(`${path}.json`, 'utf8'))).toMatchObject({
      n_tokens: 4,
      n_embd: 8,
      dtype: 'float32',
      byte_order: 'little'
    })
  })
})

describe('the bytes that other tools were seen to open', () => {
  it.each([
    ['torch', 'prompt.pt', 'written/torch.pt'],
    ['vllm', 'prompt.txt', 'written/vllm.txt'],
    ['npz', 'prompt.npz', 'written/numpy.npz'],
    ['npy', 'prompt.npy', 'numpy/float32.npy']
  ] as const)('are those of our %s files', async (format, name, known) => {
    const path = join(await temporaryFolder(), name)
    await writePrompt({ prompt: samplePrompt(), format, path })
    expect(await readFile(path)).toEqual(await readFile(fixture(known)))
  })
})

describe('PEFT folders', () => {
  it("hold PEFT's keys, its tensor name and its file names", async () => {
    const path = join(await temporaryFolder(), 'deep/adapter')
    const { notes } = await writePrompt({
      prompt: samplePrompt(),
      format: 'peft',
      path,
      peftTaskType: 'CAUSAL_LM'
    })
    const written = ['README.md', 'adapter_config.json', 'adapter_model.safetensors']
    expect((await readdir(path)).sort()).toEqual(written)
    const config: unknown = JSON.parse(await readFile(join(path, 'adapter_config.json'), 'utf8'))
    expect(config).toEqual({
      auto_mapping: null,
      base_model_name_or_path: 'bert-base-cased',
      inference_mode: true,
      modules_to_save: null,
      num_attention_heads: null,
      num_layers: null,
      num_transformer_submodules: 1,
      num_virtual_tokens: 3,
      peft_type: 'PROMPT_TUNING',
      peft_version: null,
      prompt_tuning_init: 'RANDOM',
      prompt_tuning_init_text: null,
      revision: null,
      task_type: 'CAUSAL_LM',
      token_dim: 4,
      tokenizer_kwargs: null,
      tokenizer_name_or_path: null
    })
    const [tensor] = await listTensors(join(path, 'adapter_model.safetensors'))
    expect(tensor).toMatchObject({ name: 'prompt_embeddings', dtype: 'F32', shape: [3, 4] })
    expect(notes).toEqual([
      expect.stringContaining('not named'),
      expect.stringContaining('before everything')
    ])
  })

  it.each([
    ['masked', 'FEATURE_EXTRACTION', 'AutoModelForMaskedLM'],
    ['causal', 'CAUSAL_LM', 'AutoModelForCausalLM'],
    ['encoder-decoder', 'SEQ_2_SEQ_LM', 'AutoModelForSeq2SeqLM']
  ] as const)('are for a %s model unless told', async (kind, taskType, autoClass) => {
    const path = join(await temporaryFolder(), 'adapter')
    const model = { family: 'any', embeddingScale: 1, kind }
    await writePrompt({ prompt: samplePrompt(), format: 'peft', path, model })
    const config: unknown = JSON.parse(await readFile(join(path, 'adapter_config.json'), 'utf8'))
    expect(config).toMatchObject({ task_type: taskType })
    expect(await readFile(join(path, 'README.md'), 'utf8')).toContain(`${autoClass}.from_pretrained`)
  })

  it.each([
    ['[V1] [V2] [V3] The capital of [X] is [MASK] .', 'the text " The capital of [X] is": a space'],
    ['[V1][V2][V3]The capital is [Y]', 'the text "The capital is": a space'],
    ['[X] [V1] [V2] [V3] [MASK] .', 'not where this template has them'],
    ['[V1] [X] [V2] [V3] [MASK] .', 'not where this template has them']
  ])('say what stands behind the vectors of %s', async (template, expected) => {
    const path = join(await temporaryFolder(), 'adapter')
    const prompt = samplePrompt({ template, position: 'before-everything' })
    const { notes } = await writePrompt({ prompt, format: 'peft', path })
    expect(notes.join(' ')).toContain(expected)
  })

  it('say what is left to fill in', async () => {
    const path = join(await temporaryFolder(), 'adapter')
    const prompt = samplePrompt({
      model: { name: null, tableFingerprint: null },
      position: 'before-everything'
    })
    const { notes } = await writePrompt({ prompt, format: 'peft', path })
    expect(notes.slice(2)).toEqual([
      expect.stringContaining('task_type'),
      expect.stringContaining('base_model_name_or_path')
    ])
  })
})

describe('the note beside an export', () => {
  it('says what the file holds and how it is loaded', async () => {
    const path = join(await temporaryFolder(), 'prompt.csv')
    await writePrompt({ prompt: samplePrompt(), format: 'csv', path })
    expect(await readFile(`${path}.md`, 'utf8')).toBe(`# born in

- 3 vectors of width 4, float32, of bert-base-cased.
- Its template in Anchorage: \`[X] [V1] [V2] [V3] [MASK] .\`
- The table has no header: pandas takes its first row for one unless told.

\`\`\`python
import numpy as np, pandas as pd
vectors = pd.read_csv("prompt.csv", header=None).to_numpy(np.float32)
\`\`\`
`)
  })

  it('is left out where it is not wanted', async () => {
    const folder = await temporaryFolder()
    await writePrompt({ prompt: samplePrompt(), format: 'npy', path: join(folder, 'x.npy'), note: false })
    expect(await readdir(folder)).toEqual(['x.npy'])
  })
})

describe('OptiPrompt files', () => {
  it('are filled up to ten rows on request', async () => {
    const path = join(await temporaryFolder(), 'P19/prompt_vecs.npy')
    const { notes } = await writePrompt({ prompt: samplePrompt(), format: 'optiprompt', path, padRows: true })
    expect(notes).toEqual([expect.stringContaining('--num_vectors 3')])
    const whole = await readPrompt({ path, vectors: 10 })
    expect(whole.vectors.data.slice(12)).toEqual(new Float32Array(28))
    expect(whole.warnings).toEqual([expect.stringContaining('model'), expect.stringContaining('Rows 3, 4')])
    const used = await readPrompt({ path, vectors: 3 })
    expect(bits(used.vectors.data)).toEqual(bits(samplePrompt().vectors.data))
  })

  it('are not filled up from more than ten', async () => {
    const path = join(await temporaryFolder(), 'prompt_vecs.npy')
    const prompt = anyPrompt(11, 3, 1)
    await expect(writePrompt({ prompt, format: 'optiprompt', path, padRows: true })).rejects.toMatchObject({
      code: 'mismatch',
      detail: { found: '11 vectors' }
    })
  })
})

describe('requests that are refused', () => {
  it.each(['openprompt', 'thunlp'] as const)('%s is only read', async (format) => {
    const path = join(await temporaryFolder(), 'x.ckpt')
    await expect(writePrompt({ prompt: samplePrompt(), format, path })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('is read, not written'),
      detail: { expected: expect.stringContaining('peft') }
    })
  })

  it('a name by which the file would not be known again', async () => {
    const path = join(await temporaryFolder(), 'prompt.txt')
    await expect(writePrompt({ prompt: samplePrompt(), format: 'csv', path })).rejects.toMatchObject({
      code: 'bad-argument',
      detail: { next: expect.stringContaining('prompt.txt.csv') }
    })
  })

  it('values that are not numbers, before anything is written', async () => {
    const folder = await temporaryFolder()
    const prompt = samplePrompt({ vectors: { rows: 1, columns: 2, data: Float32Array.of(1, Number.NaN) } })
    await expect(writePrompt({ prompt, format: 'npy', path: join(folder, 'x.npy') })).rejects.toMatchObject({
      code: 'bad-value',
      detail: { where: 'born in, row 0, column 1' }
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('what is there already, unless it is to be overwritten', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'adapter'))
    await writeFile(join(folder, 'adapter/notes.txt'), 'mine')
    const request = { prompt: samplePrompt(), format: 'peft', path: join(folder, 'adapter') } as const
    await expect(writePrompt(request)).rejects.toMatchObject({
      code: 'write-failed',
      detail: { next: expect.stringContaining('overwrite') }
    })
    expect(await readdir(join(folder, 'adapter'))).toEqual(['notes.txt'])
    await writePrompt({ ...request, overwrite: true })
    expect(await readFile(join(folder, 'adapter/notes.txt'), 'utf8')).toBe('mine')
    expect((await readdir(join(folder, 'adapter'))).length).toBe(4)
  })
})
