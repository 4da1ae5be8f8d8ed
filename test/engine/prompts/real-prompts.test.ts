import { expect, it } from 'vitest'
import { inspectPrompts } from '#engine/prompts/inspect-prompts.ts'
import { readPrompt, readPromptTree } from '#engine/prompts/read-prompt.ts'
import { describeWithSharedData, sharedDataPath } from '#test/support/shared-data.ts'

describeWithSharedData("other people's prompts", () => {
  it('are all found in their tree', async () => {
    const { candidates, refused } = await inspectPrompts(sharedDataPath('prompts'))
    expect(refused).toEqual([])
    expect(candidates.map(({ format, shape, task, modelName }) => [format, shape, task, modelName])).toEqual([
      ['torch', [8, 1024], null, null],
      ['torch', [8, 512], null, null],
      ['torch', [8, 512], null, null],
      ['thunlp', [100, 768], 'IMDB_base_nli', 'Roberta'],
      ['thunlp', [100, 768], 'SST2', 'Bert'],
      ['thunlp', [100, 1024], 'SST2', 'RobertaLarge'],
      ['thunlp', [100, 512], 'SST2', 'T5Small'],
      ['peft', [8, 64], null, null],
      ['peft', [8, 64], null, null]
    ])
  })

  it('are read in one go, with a warning for the exploded one alone', async () => {
    const prompts = await readPromptTree({ path: sharedDataPath('prompts/thunlp') })
    const exploded = prompts.filter(({ warnings }) => warnings.some((text) => text.includes('exploded')))
    expect(prompts).toHaveLength(4)
    expect(exploded.map(({ name }) => name)).toEqual(['IMDB_base_nliPromptRoberta'])
  })

  it('have the numbers that PyTorch reads', async () => {
    const bert = await readPrompt({ path: sharedDataPath('prompts/thunlp/SST2PromptBert') })
    // torch.load(...).double().norm() and the first value, by PyTorch 1.13.
    const norm = Math.sqrt(bert.vectors.data.reduce((sum, value) => sum + value * value, 0))
    expect(norm).toBeCloseTo(76.14142374165573, 9)
    expect(bert.vectors.data[0]).toBe(-0.65712970495224)
  })

  it('of an adapter without configuration are the same as safetensors and as .bin', async () => {
    const plain = await readPrompt({ path: sharedDataPath('prompts/tinyllama_peft_adapter') })
    const raw = await readPrompt({ path: sharedDataPath('prompts/tinyllama_peft_adapter_raw') })
    expect(plain.vectors).toEqual(raw.vectors)
    expect(plain.warnings).toContainEqual(expect.stringContaining('adapter_config.json is missing'))
  })
})
