import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectPrompts } from '#engine/prompts/inspect-prompts.ts'
import { readPrompt, readPromptTree } from '#engine/prompts/read-prompt.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { bits, bitsOf, expected, fixture } from './sample-prompts.ts'

describe('one matrix per file', () => {
  it.each([
    ['numpy/float32.npy', 'npy', 'F32'],
    ['numpy/fortran.npy', 'npy', 'F32'],
    ['numpy/big-endian.npy', 'npy', 'F32'],
    ['numpy/version2.npy', 'npy', 'F32'],
    ['numpy/float64.npy', 'npy', 'F64'],
    ['numpy/savetxt.csv', 'csv', 'decimal'],
    ['torch/bare.pt', 'torch', 'F32'],
    ['torch/legacy.pt', 'torch', 'F32'],
    ['torch/parameter.pth', 'torch', 'F32'],
    ['numpy/stored.npz', 'npz', 'F32'],
    ['peft/prompt-tuning', 'peft', 'F32'],
    ['peft/p-tuning/adapter_config.json', 'peft', 'F32']
  ])('reads %s bit for bit', async (file, format, dtype) => {
    const prompt = await readPrompt({ path: fixture(file) })
    expect(prompt.vectors).toMatchObject({ rows: 3, columns: 4 })
    expect(bits(prompt.vectors.data)).toEqual(bitsOf(expected.values))
    expect(prompt.origin).toMatchObject({ kind: 'file', format, dtype, shape: [3, 4] })
  })

  it('widens float16 and bfloat16', async () => {
    const halves = await readPrompt({ path: fixture('numpy/float16.npy') })
    expect(bits(halves.vectors.data)).toEqual(bitsOf(expected.halves))
    const brain = await readPrompt({ path: fixture('safetensors/bfloat16.safetensors') })
    expect(bits(brain.vectors.data)).toEqual(bitsOf(expected.brain))
  })

  it('says that float64 was rounded, and keeps the hash and name of the file', async () => {
    const prompt = await readPrompt({ path: fixture('numpy/float64.npy') })
    expect(prompt.name).toBe('float64')
    expect(prompt.warnings).toEqual([expect.stringContaining('float64')])
    expect(prompt.origin).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })
})

describe('files with several matrices', () => {
  it('lists them with their shapes and asks', async () => {
    const path = fixture('torch/several.bin')
    const { candidates } = await inspectPrompts(path)
    expect(candidates.map(({ part, shape }) => [part, shape])).toEqual([
      ['encoder', [3, 4]],
      ['decoder', [2, 4]]
    ])
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code: 'needs-choice',
      detail: { found: 'encoder [3, 4], decoder [2, 4]' }
    })
    const decoder = await readPrompt({ path, part: 'decoder' })
    expect(bits(decoder.vectors.data)).toEqual(bitsOf(expected.values.slice(0, 2)))
  })

  it('names the parts there are when another is asked for', async () => {
    await expect(readPrompt({ path: fixture('torch/several.bin'), part: 'third' })).rejects.toMatchObject({
      code: 'not-found',
      detail: { found: 'encoder [3, 4], decoder [2, 4]' }
    })
  })

  it('reads deflated npz entries by name', async () => {
    const prompt = await readPrompt({ path: fixture('numpy/deflated.npz'), part: 'second' })
    expect([...prompt.vectors.data]).toEqual(
      expected.values
        .slice(0, 2)
        .flat()
        .map((value) => Math.fround(2 * value))
    )
  })
})

describe('PEFT', () => {
  it('takes model and position from the configuration', async () => {
    const model = { family: 'bloom', embeddingScale: 1 }
    const prompt = await readPrompt({ path: fixture('peft/prompt-tuning'), model })
    expect(prompt.model.name).toBe('bigscience/bloomz-560m')
    expect(prompt.position).toBe('before-everything')
    expect(prompt.name).toBe('prompt-tuning')
    expect(prompt.warnings).toEqual([])
  })

  it('splits the rows of encoder and decoder', async () => {
    const path = fixture('peft/encoder-decoder')
    const decoder = await readPrompt({ path, part: 'decoder' })
    expect(bits(decoder.vectors.data)).toEqual(bitsOf(expected.shared.slice(2)))
    expect(decoder).toMatchObject({
      name: 'encoder-decoder decoder',
      origin: { part: 'decoder', shape: [4, 6] }
    })
    const encoder = await readPrompt({ path, part: 'encoder' })
    expect(bits(encoder.vectors.data)).toEqual(bitsOf(expected.shared.slice(0, 2)))
    await expect(readPrompt({ path })).rejects.toMatchObject({ code: 'needs-choice' })
  })

  it('multiplies the shared prompt by the factors of the task', async () => {
    const path = fixture('peft/multitask')
    for (const [task, values] of expected.tasks.entries()) {
      const prompt = await readPrompt({ path, part: `task ${task}` })
      // PyTorch in float64, ours summed in float64 and rounded once.
      for (const [index, value] of values.flat().entries()) {
        expect(Math.abs(prompt.vectors.data[index] - value)).toBeLessThanOrEqual(
          1e-7 * Math.max(1, Math.abs(value))
        )
      }
    }
  })

  it.each([
    ['prefix-tuning', 'keys and values'],
    ['lora', 'LORA']
  ])('tells %s by its peft_type and refuses it', async (name, found) => {
    await expect(readPrompt({ path: fixture('peft', name) })).rejects.toMatchObject({
      code: 'unsupported',
      detail: { found: expect.stringContaining(found) }
    })
  })

  it('refuses weights that are not those of the configuration', async () => {
    await expect(readPrompt({ path: fixture('peft/too-short') })).rejects.toMatchObject({
      code: 'mismatch',
      detail: { found: 'F32 [3, 4]', expected: expect.stringContaining('[5, 4]') }
    })
  })

  it('warns of a missing configuration', async () => {
    const folder = await temporaryFolder()
    await copyFile(
      fixture('peft/prompt-tuning/adapter_model.safetensors'),
      join(folder, 'adapter_model.safetensors')
    )
    const prompt = await readPrompt({ path: folder })
    expect(prompt.warnings).toContainEqual(expect.stringContaining('adapter_config.json is missing'))
    expect(bits(prompt.vectors.data)).toEqual(bitsOf(expected.values))
  })
})

describe('OpenPrompt', () => {
  it('finds the soft tokens among the weights', async () => {
    const prompt = await readPrompt({ path: fixture('torch/soft-template.ckpt') })
    expect(bits(prompt.vectors.data)).toEqual(bitsOf(expected.values))
    expect(prompt.origin).toMatchObject({ format: 'openprompt', tensor: 'template.soft_embeds' })
    expect(prompt.position).toBe('before-everything')
  })

  it('leaves the unused row of a mixed template out', async () => {
    const prompt = await readPrompt({ path: fixture('torch/mixed-template.ckpt') })
    expect(bits(prompt.vectors.data)).toEqual(bitsOf(expected.values))
    expect(prompt.warnings).toEqual([expect.stringContaining('Row 0')])
    expect(prompt.origin).toMatchObject({ shape: [4, 4] })
  })
})

/** A float32 npy file of `rows × 4` values 1, 2, 3, … as NumPy's version 1 has it. */
function countingNpy(rows: number): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, 4), }`.padEnd(117)
  const values = Float32Array.from({ length: 4 * rows }, (_, index) => index + 1)
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'),
    Buffer.from(`${header}\n`),
    Buffer.from(values.buffer)
  ])
}

async function optiPromptTree(): Promise<string> {
  const folder = await temporaryFolder()
  for (const relation of ['P19', 'P101']) {
    await mkdir(join(folder, 'bert-base-cased', relation), { recursive: true })
    await writeFile(join(folder, 'bert-base-cased', relation, 'prompt_vecs.npy'), countingNpy(10))
  }
  return folder
}

describe('OptiPrompt and PTfer', () => {
  it('asks how many of the ten rows are used', async () => {
    const path = join(await optiPromptTree(), 'bert-base-cased/P19/prompt_vecs.npy')
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code: 'needs-choice',
      detail: { next: expect.stringContaining('how many') }
    })
    const { candidates } = await inspectPrompts(path)
    expect(candidates[0]?.warnings).toEqual([expect.stringContaining('how many')])
    const prompt = await readPrompt({ path, vectors: 5 })
    expect(prompt).toMatchObject({
      name: 'P19',
      relation: 'P19',
      model: { name: 'bert-base-cased' },
      position: 'template',
      warnings: []
    })
    expect([...prompt.vectors.data]).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    await expect(readPrompt({ path, vectors: 11 })).rejects.toMatchObject({ code: 'bad-argument' })
  })

  it('reads a whole tree in the order of its relations', async () => {
    const prompts = await readPromptTree({ path: await optiPromptTree(), vectors: 3 })
    expect(prompts.map(({ relation, vectors }) => [relation, vectors.rows])).toEqual([
      ['P19', 3],
      ['P101', 3]
    ])
  })

  it('takes any name in a folder of a relation, and files that are not filled up as they are', async () => {
    const folder = await optiPromptTree()
    await mkdir(join(folder, 'roberta-base/P36'), { recursive: true })
    const path = join(folder, 'roberta-base/P36/transfered.npy')
    await writeFile(path, countingNpy(5))
    const prompt = await readPrompt({ path })
    expect(prompt).toMatchObject({ relation: 'P36', model: { name: 'roberta-base' } })
    expect(prompt.vectors.rows).toBe(5)
  })

  it('reads nothing of a tree where one file is damaged, and lists it as refused', async () => {
    const folder = await optiPromptTree()
    await writeFile(join(folder, 'bert-base-cased/P101/prompt_vecs.npy'), countingNpy(10).subarray(0, 200))
    await expect(readPromptTree({ path: folder, vectors: 5 })).rejects.toMatchObject({
      code: 'file-malformed'
    })
    const { candidates, refused } = await inspectPrompts(folder)
    expect(candidates.map(({ relation }) => relation)).toEqual(['P19'])
    expect(refused.map(({ path }) => path)).toEqual([expect.stringContaining('P101')])
  })
})

describe('thunlp', () => {
  it('takes task and model from the folder', async () => {
    const folder = join(await temporaryFolder(), 'SST2PromptRobertaLarge')
    await mkdir(folder)
    await copyFile(fixture('torch/bare.pt'), join(folder, 'task_prompt'))
    const prompt = await readPrompt({ path: folder })
    expect(prompt).toMatchObject({
      task: 'SST2',
      model: { name: 'RobertaLarge' },
      name: 'SST2PromptRobertaLarge'
    })
    expect(prompt.origin).toMatchObject({ format: 'thunlp' })
  })
})
