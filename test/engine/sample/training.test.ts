import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { seededUniform } from '#engine/common/random/seeded-random.ts'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { createAdam } from '#engine/optimiser/adam.ts'
import { learnMerges } from '#engine/sample/tokenizers/byte-pair-merges.ts'
import { makeTokenizer } from '#engine/sample/tokenizers/tokenizer-files.ts'
import { countWords } from '#engine/sample/tokenizers/word-counts.ts'
import type { LanguageModelFamily } from '#engine/sample/training/language-model-shape.ts'
import { writeTokenizer } from '#engine/sample/training/model-folder.ts'
import { trainingBatch } from '#engine/sample/training/training-batch.ts'
import { trainingStep } from '#engine/sample/training/training-step.ts'
import { startWeights } from '#engine/sample/training/weights.ts'
import { createCorpus } from '#engine/sample/world/corpus.ts'
import { readWorld } from '#engine/sample/world/read-world.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const families: LanguageModelFamily[] = ['bert', 'roberta', 'albert', 'gpt2']

async function prepare(family: LanguageModelFamily, size: number) {
  const world = await readWorld(resolve(import.meta.dirname, '../../../assets/sample/world'))
  const nextSentence = createCorpus(world, 1)
  const files = makeTokenizer(countWords(nextSentence, 5000), { family, size })
  const shape = {
    family,
    vocabulary: files.size,
    embedding: 16,
    hidden: 16,
    inner: 32,
    layers: 1,
    heads: 2,
    positions: 64
  }
  const folder = await temporaryFolder()
  await writeTokenizer(folder, files, shape)
  return { nextSentence, files, shape, tokenizer: await openTokenizer(folder) }
}

describe('learnMerges', () => {
  it('merges the most frequent pair first, as published', () => {
    const words = new Map([
      ['low', 5],
      ['lower', 2],
      ['newest', 6],
      ['widest', 3]
    ])
    expect(learnMerges(words, 3).map((merge) => merge.join(' '))).toEqual(['e s', 'es t', 'l o'])
  })
})

describe.each(families)('the tokenizer made for %s', (family) => {
  it('opens, has frequent words as single tokens, and gives sentences back', async () => {
    const { nextSentence, files, tokenizer } = await prepare(family, 500)
    expect(tokenizer.vocabulary.tokens).toHaveLength(files.size)
    expect(tokenizer.encode(' Europe')).toHaveLength(1)
    for (let i = 0; i < 20; i++) {
      const sentence = nextSentence()
      const expected = family === 'albert' ? sentence.toLowerCase() : sentence
      const text = tokenizer.decode(tokenizer.encode(` ${sentence}`))
      expect(text.replaceAll(' ', '')).toBe(expected.replaceAll(' ', ''))
    }
  })
})

describe.each(families)('training %s', (family) => {
  it('lowers the loss within a few steps', async () => {
    const { nextSentence, shape, tokenizer } = await prepare(family, 400)
    const weights = startWeights(shape, 1)
    const step = await trainingStep(shape, weights, 1)
    const uniform = seededUniform(1)
    const adams = new Map([...weights].map(([name, { values }]) => [name, createAdam(values.length)]))
    const losses: number[] = []
    for (let i = 0; i < 12; i++) {
      const sentences = Array.from({ length: 16 }, nextSentence)
      const { loss, gradients } = await step.run(
        trainingBatch(sentences, tokenizer, 62, () => false, uniform)
      )
      for (const [name, { values }] of weights) adams.get(name)?.(values, gradients.get(name) ?? values, 0.01)
      losses.push(loss)
    }
    await step.release()
    // An untrained model guesses evenly.
    expect(Math.abs(losses[0] - Math.log(shape.vocabulary))).toBeLessThan(0.3)
    expect(losses[11]).toBeLessThan(losses[0] - 0.5)
  })
})
