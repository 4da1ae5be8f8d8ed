import { describe, expect, it } from 'vitest'
import { fitsModel, modelsThatFit } from '#engine/common/contract/fits-model.ts'
import { samplePrompt } from '#test/engine/prompts/sample-prompts.ts'

function model(name: string, width: number, table = 'other') {
  return { name, width, fingerprint: { table, tokenizer: 't' } }
}

const prompt = samplePrompt()

describe('a prompt and a model', () => {
  it('fit by width; the models that would fit are named, its own first', () => {
    const models = [
      model('small', 4),
      model('large', 8),
      model('moved', 4, 'ab12'),
      model('bert-base-cased', 4)
    ]
    expect(modelsThatFit(prompt, models).map(({ name }) => name)).toEqual([
      'moved',
      'bert-base-cased',
      'small'
    ])
    expect(() => fitsModel(prompt, model('large', 8), models)).toThrow(
      expect.objectContaining({
        code: 'mismatch',
        detail: expect.objectContaining({
          found: 'vectors of 4 values',
          expected: expect.stringContaining('8'),
          next: 'Use a model that fits: moved (4), bert-base-cased (4), small (4).'
        })
      })
    )
    expect(() => fitsModel(prompt, model('large', 8), [])).toThrow(/not as wide/)
  })

  it('agree when the table is the one the prompt was tuned on, or none is known', () => {
    expect(fitsModel(prompt, model('moved', 4, 'ab12'), [])).toBeNull()
    const unknown = samplePrompt({ model: { name: null, tableFingerprint: null } })
    expect(fitsModel(unknown, model('small', 4), [])).toBeNull()
  })

  it('of the same width with another table get a warning', () => {
    expect(fitsModel(prompt, model('small', 4), [])).toBe(
      'born in was tuned on bert-base-cased, whose embedding table differs from that of small.'
    )
  })
})
