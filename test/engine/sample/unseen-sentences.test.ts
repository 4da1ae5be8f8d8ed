import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sentencesRead } from '#engine/sample/training/train-model.ts'
import { unseenSentences } from '#engine/sample/unseen-sentences.ts'
import { createCorpus } from '#engine/sample/world/corpus.ts'
import { readWorld } from '#engine/sample/world/read-world.ts'

describe('unseenSentences', () => {
  it('gives different sentences that no model read, where another seed alone would not', async () => {
    const world = await readWorld(resolve(import.meta.dirname, '../../../assets/sample/world'))
    const models = [
      { seed: 11, steps: 1000 },
      { seed: 12, steps: 500 }
    ]
    const sentences = unseenSentences(world, models, 4711, 300)
    expect(new Set(sentences).size).toBe(300)
    const read = new Set<string>()
    for (const { seed, steps } of models) {
      const next = createCorpus(world, seed)
      for (let index = 0; index < sentencesRead(steps); index++) read.add(next())
    }
    expect(sentences.filter((sentence) => read.has(sentence))).toEqual([])
    const otherSeed = createCorpus(world, 4711)
    expect(Array.from({ length: 300 }, otherSeed).some((sentence) => read.has(sentence))).toBe(true)
  })
})
