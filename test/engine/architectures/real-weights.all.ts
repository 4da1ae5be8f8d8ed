/**
 * Real weights as people have them, without an ONNX graph. `ANCHORAGE_REAL_WEIGHTS` names a folder with SmolLM2-135M
 * (`smollm2-135m`) and all-MiniLM-L6-v2 (`all-minilm-l6-v2`) as transformers saves them.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { padBatch } from '#engine/language-model/batches.ts'
import { openLanguageModel } from '#engine/language-model/open-language-model.ts'
import { openModel } from '#engine/models/open-model.ts'
import { largestDifference } from '#test/support/safetensors.ts'

const folder = process.env['ANCHORAGE_REAL_WEIGHTS']

type Asked = {
  readonly logits: Float32Array
  readonly likeliest: readonly string[]
  readonly graph: string | null
}

/** The answers of a model after "The capital of France is". */
async function ask(path: string): Promise<Asked> {
  const model = await openModel({ folder: path })
  const language = await openLanguageModel(model, 'cpu')
  try {
    const ids = model.tokenizer.encodeWithSpecials('The capital of France is')
    const question = { ids, answerPosition: ids.length - 1 }
    const batch = padBatch([question], language.firstVirtualToken, language.padToken)
    const noPrompt = { rows: 0, columns: language.width, data: new Float32Array(0) }
    const { data } = await language.answer(batch, noPrompt)
    const first = [...data.keys()].sort((a, b) => data[b] - data[a]).slice(0, 5)
    const likeliest = first.map((id) => model.tokenizer.decode([id]))
    return { logits: data, likeliest, graph: model.report.graph.file }
  } finally {
    await language.release()
  }
}

/** The file of this ending below the folder that the packages were unpacked to. */
async function packaged(ending: string): Promise<string> {
  const packages = join(folder ?? '', 'packages')
  const files = await readdir(packages, { recursive: true })
  const found = files.find((file) => file.endsWith(ending))
  if (found === undefined) throw new Error(`no file …${ending} in ${packages}`)
  return join(packages, found)
}

describe.skipIf(folder === undefined)('real weights (ANCHORAGE_REAL_WEIGHTS)', () => {
  it('SmolLM2 goes on with the words that PyTorch finds likeliest, from its .gguf as from safetensors', async () => {
    const exact = await ask(join(folder ?? '', 'smollm2-135m'))
    expect(exact.graph).toBe('model.safetensors')
    expect(exact.likeliest).toEqual([' Paris', ' the', ' London', ' Le', ' New'])
    // The folder holds the numbers that Python's gguf package makes of this file's blocks.
    const quantised = await ask(await packaged('.gguf'))
    expect(quantised.graph).toMatch(/\.gguf$/)
    expect(quantised.likeliest).toEqual(exact.likeliest)
    expect(largestDifference(quantised.logits, exact.logits)).toBe(0)
  }, 300_000)

  it('MiniLM has no head for words, and says so', async () => {
    const { report } = await openModel({ folder: join(folder ?? '', 'all-minilm-l6-v2') })
    expect(report.graph.file).toBeNull()
    expect(report.graph.note).toMatch(/no head for words/)
  }, 300_000)
})
