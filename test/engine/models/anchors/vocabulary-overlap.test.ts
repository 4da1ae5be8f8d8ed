import { beforeAll, describe, expect, it } from 'vitest'
import { anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import type { AnchorModel } from '#engine/models/anchors/anchor-model.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import { findVocabularyOverlap } from '#engine/models/anchors/vocabulary-overlap.ts'
import { openModel } from '#engine/models/open-model.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'

let models: AnchorModel[]

beforeAll(async () => {
  models = []
  for (const family of referenceFamilies) {
    const { report, vocabulary, tokenizer } = await openModel({ folder: referenceModelFolder(family) })
    models.push({ name: report.name, vocabulary, tokenizer })
  }
})

const recipeOf = (changes: object) => anchorRecipeSchema.parse({ rule: 'surface', ...changes })

/** The words of a model by the definition: distinct (surface, begins word) of its word tokens. */
function wordsOf(
  { vocabulary }: AnchorModel,
  keep: (surface: string, beginsWord: boolean) => boolean
): Set<string> {
  return new Set(
    vocabulary.tokens
      .filter(({ kind, surface, beginsWord }) => kind === 'word' && keep(surface, beginsWord))
      .map(({ surface, beginsWord }) => JSON.stringify([surface, beginsWord]))
  )
}

describe('the overlap of vocabularies', () => {
  it('counts every word once, in exactly the combination that holds it', () => {
    const overlap = findVocabularyOverlap(models, recipeOf({ filters: { wholeWords: false } }))
    const sets = models.map((model) => wordsOf(model, () => true))
    expect(overlap.models.map(({ words }) => words)).toEqual(sets.map(({ size }) => size))
    const all = new Set(sets.flatMap((set) => [...set]))
    for (const { models: members, words } of overlap.combinations) {
      const inExactly = [...all].filter((word) =>
        sets.every((set, i) => set.has(word) === members.includes(i))
      )
      expect({ members, words }).toEqual({ members, words: inExactly.length })
    }
    expect(overlap.combinations.reduce((sum, { words }) => sum + words, 0)).toBe(all.size)
  })

  it('gives all models together what the rule by surface builds, filter by filter', async () => {
    for (const filters of [
      {},
      { lettersOnly: true },
      { minimumLength: 5 },
      { wordList: ['music', 'king', 'xq'] }
    ]) {
      const recipe = recipeOf({ filters })
      const { anchors } = await buildAnchorSet({ name: 'all', models, recipe })
      const { combinations } = findVocabularyOverlap(models, recipe)
      const together = combinations.find(({ models: members }) => members.length === models.length)
      expect({ filters, words: together?.words }).toEqual({ filters, words: anchors.length })
    }
  })

  it('folds the case of every model where the recipe does, so that more words meet', () => {
    const together = (casePolicy: 'exact' | 'fold'): number =>
      findVocabularyOverlap(models, recipeOf({ casePolicy })).combinations.find(
        ({ models: members }) => members.length === models.length
      )?.words ?? 0
    expect(together('fold')).toBeGreaterThanOrEqual(together('exact'))
  })
})
