/**
 * Real weights as people have them, without an ONNX graph. `ANCHORAGE_REAL_WEIGHTS` names a folder with SmolLM2-135M
 * (`smollm2-135m`) and all-MiniLM-L6-v2 (`all-minilm-l6-v2`) as transformers saves them.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { padBatch } from '#engine/language-model/batches.ts'
import { openLanguageModel } from '#engine/language-model/open-language-model.ts'
import { openModel } from '#engine/models/open-model.ts'

const folder = process.env['ANCHORAGE_REAL_WEIGHTS']

describe.skipIf(folder === undefined)('real weights (ANCHORAGE_REAL_WEIGHTS)', () => {
  it('SmolLM2 goes on with the words that PyTorch finds likeliest', async () => {
    const model = await openModel({ folder: join(folder ?? '', 'smollm2-135m') })
    expect(model.report.graph.file).toBe('model.safetensors')
    const language = await openLanguageModel(model, 'cpu')
    const ids = model.tokenizer.encode('The capital of France is')
    const batch = padBatch(
      [{ ids, answerPosition: ids.length - 1 }],
      language.firstVirtualToken,
      language.padToken
    )
    const { data } = await language.answer(batch, {
      rows: 0,
      columns: language.width,
      data: new Float32Array(0)
    })
    await language.release()
    const likeliest = [...data.keys()].sort((a, b) => data[b] - data[a]).slice(0, 5)
    expect(likeliest.map((id) => model.tokenizer.decode([id]))).toEqual([
      ' Paris',
      ' the',
      ' London',
      ' Le',
      ' New'
    ])
  }, 300_000)

  it('MiniLM has no head for words, and says so', async () => {
    const { report } = await openModel({ folder: join(folder ?? '', 'all-minilm-l6-v2') })
    expect(report.graph.file).toBeNull()
    expect(report.graph.note).toMatch(/no head for words/)
  }, 300_000)
})
