/** Prompts of a Gemma as PEFT holds them: with numbers of the real PEFT, see test/fixtures/readers. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { row } from '#engine/common/contract/matrix.ts'
import type { PromptModel, WrittenFormat } from '#engine/common/contract/prompts.ts'
import { listTensors } from '#engine/files/list-tensors.ts'
import { padBatch } from '#engine/language-model/batches.ts'
import { openLanguageModel } from '#engine/language-model/open-language-model.ts'
import { openModel } from '#engine/models/open-model.ts'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { writePrompt } from '#engine/prompts/write-prompt.ts'
import { gemmaFolder, peftFolder, readersReference } from '#test/support/readers.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { samplePrompt } from './sample-prompts.ts'

async function gemma() {
  return await openModel({ folder: gemmaFolder })
}

/** The largest difference of two lists of numbers. */
function difference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return Math.max(...a.map((value, index) => Math.abs(value - b[index])))
}

describe("a prompt of PEFT's for a model that multiplies embeddings", () => {
  it('is read as rows of the table', async () => {
    const { report } = await gemma()
    const prompt = await readPrompt({ path: peftFolder, model: report })
    expect(difference(prompt.vectors.data, (await readersReference('prompt')).data)).toBeLessThan(1e-6)
    expect(prompt.warnings).toEqual([expect.stringContaining('× 4.00000')])
  })

  it('answers as in PEFT, which puts it before BOS', async () => {
    const opened = await gemma()
    const { vectors } = await readPrompt({ path: peftFolder, model: opened.report })
    const ids = await readersReference('ids')
    const questions = [0, 1].map((index) => {
      const text = [...row(ids, index)]
      return { ids: [-1, -2, -3, ...text], answerPosition: 2 + text.length }
    })
    const model = await openLanguageModel(opened, 'cpu')
    const answers = await model.answer(padBatch(questions, model.firstVirtualToken, model.padToken), vectors)
    await model.release()
    // Logits of up to 7; onnxruntime against PyTorch, float32.
    expect(difference(answers.data, (await readersReference('answers')).data)).toBeLessThan(2e-5)
  })

  it('is written as PEFT wrote it', async () => {
    const { report } = await gemma()
    const path = join(await temporaryFolder(), 'adapter')
    const prompt = samplePrompt({
      vectors: await readersReference('prompt'),
      model: { name: 'tiny-gemma3', tableFingerprint: null }
    })
    const { notes } = await writePrompt({ prompt, format: 'peft', path, model: report })
    expect(notes).toEqual([expect.stringContaining('× 4.00000'), expect.stringContaining('BOS')])
    const weights = await readFile(join(path, 'adapter_model.safetensors'))
    expect(weights.subarray(-192)).toEqual(
      (await readFile(join(peftFolder, 'adapter_model.safetensors'))).subarray(-192)
    )
    const config = async (folder: string): Promise<unknown> => ({
      ...JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8')),
      num_attention_heads: 0,
      num_layers: 0,
      peft_version: ''
    })
    expect(await config(path)).toEqual(await config(peftFolder))
  })

  it('says what it is taken for where the model is not named', async () => {
    const { vectors, warnings } = await readPrompt({ path: peftFolder })
    const rows = (await readersReference('prompt')).data
    expect(
      difference(
        vectors.data,
        rows.map((value) => 4 * value)
      )
    ).toBeLessThan(1e-6)
    expect(warnings).toEqual([expect.stringContaining('The model was not named')])
  })
})

describe('the factor in an export', () => {
  const gemma3: PromptModel = { family: 'gemma3_text', embeddingScale: 4, kind: 'causal' }
  const scaled = (family: string): PromptModel => ({ ...gemma3, family })
  const sample = samplePrompt({ vectors: { rows: 1, columns: 3, data: Float32Array.of(1, -2, 0.5) } })

  /** What the first value, 1, is in the file. */
  async function firstValue(format: WrittenFormat, model: PromptModel | null): Promise<number> {
    const endings: Partial<Record<WrittenFormat, string>> = { vllm: '.txt', 'llama-cpp': '.f32', peft: '' }
    const path = join(await temporaryFolder(), `prompt${endings[format] ?? `.${format}`}`)
    await writePrompt({ prompt: sample, format, path, model })
    if (format === 'llama-cpp') return (await readFile(path)).readFloatLE(0)
    if (format !== 'vllm') return (await readPrompt({ path })).vectors.data[0] ?? Number.NaN
    await writeFile(`${path}.pt`, Buffer.from(await readFile(path, 'utf8'), 'base64'))
    const [tensor] = await listTensors(`${path}.pt`)
    return (await tensor?.read())?.[0] ?? Number.NaN
  }

  // As measured with the readers: test/fixtures/readers/README.md.
  it.each([
    ['gemma3_text', { peft: 4, 'llama-cpp': 4, vllm: 4, npy: 1 }],
    ['gemma2', { peft: 4, 'llama-cpp': 1, vllm: 4, safetensors: 1 }],
    ['gemma', { peft: 4, 'llama-cpp': 1, vllm: 4, json: 1 }],
    ['bart', { peft: 4, csv: 1 }],
    ['granite', { peft: 1, 'llama-cpp': 1, vllm: 1 }],
    ['falcon_h1', { peft: 4, vllm: 1 }]
  ] as const)(
    'of %s is in the files of those readers that put vectors in behind it',
    async (family, files) => {
      for (const format of Object.keys(files) as (keyof typeof files)[]) {
        expect(await firstValue(format, scaled(family)), format).toBe(files[format])
      }
    }
  )
})
