/** How the vocabularies of several models overlap: for every combination of models, the words that they alone share. */
import type { AnchorRecipe, VocabularyOverlap } from '#engine/common/contract/anchors.ts'
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import { type AnchorModel, foldSurface, keyOf } from './anchor-model.ts'
import { surfaceFilters } from './candidates.ts'

/** Words that a combination names. */
const examplesShown = 5

/**
 * Counts surfaces, not tokens: what several tokens of a model spell alike counts once. Where the recipe folds case,
 * it is folded for every model: a word of a model that lower-cases has no other form.
 */
export function findVocabularyOverlap(
  models: readonly AnchorModel[],
  recipe: AnchorRecipe,
  signal?: AbortSignal
): VocabularyOverlap {
  const holders = new Map<string, number[]>()
  for (const [index, model] of models.entries()) {
    throwIfCancelled(signal)
    for (const key of surfacesOf(model, recipe)) {
      const known = holders.get(key)
      if (known === undefined) holders.set(key, [index])
      else known.push(index)
    }
  }
  const combinations = new Map<string, VocabularyOverlap['combinations'][number]>()
  for (const [key, indices] of holders) {
    const name = indices.join(' ')
    const known = combinations.get(name)
    if (known === undefined) combinations.set(name, { models: indices, words: 1, examples: [spelled(key)] })
    else {
      known.words++
      if (known.examples.length < examplesShown) known.examples.push(spelled(key))
    }
  }
  const words = models.map(() => 0)
  for (const indices of holders.values()) for (const index of indices) words[index]++
  return {
    models: models.map(({ name }, index) => ({ name, words: words[index] })),
    combinations: [...combinations.values()].sort((a, b) => b.words - a.words)
  }
}

/** A key for a person; what continues a word begins with dots. */
function spelled(key: string): string {
  return key.startsWith(' ') ? key.slice(1) : `…${key}`
}

/** The words of a vocabulary that pass the filters, each once, by rank. */
function surfacesOf({ vocabulary }: AnchorModel, recipe: AnchorRecipe): Set<string> {
  const { wordList } = recipe.filters
  const fold = (surface: string): string => (recipe.casePolicy === 'fold' ? foldSurface(surface) : surface)
  const listed = wordList === null ? null : new Set(wordList.map((word) => fold(word.trim())))
  const filters = surfaceFilters(recipe)
  const keys = new Set<string>()
  for (const { kind, surface, beginsWord } of vocabulary.tokens) {
    if (kind !== 'word') continue
    const anchor = { surface: fold(surface), beginsWord }
    const listedHere = listed === null || (beginsWord && listed.has(anchor.surface))
    if (listedHere && filters.every(({ keeps }) => keeps(anchor))) keys.add(keyOf(anchor))
  }
  return keys
}
