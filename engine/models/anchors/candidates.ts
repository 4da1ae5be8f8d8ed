/** The words that an anchor set starts from, and the filters that need no tokenizer. */
import type { Anchor, AnchorAudit, AnchorRecipe } from '#engine/common/contract/anchors.ts'
import type { Token } from '../vocabulary.ts'
import { type AnchorModel, foldsCase } from './anchor-model.ts'
import { keepDistinct, keepWhere } from './audit.ts'

/** A word on its way into an anchor set, with its token in each model that it was found in. */
export type Candidate = { readonly anchor: Anchor; readonly tokens: Token[] }

/**
 * The words of the recipe's list, or else of one vocabulary, after the filters. Any vocabulary would do, since a word
 * must be in all; with folded case it is the first that keeps case, so that the words keep theirs.
 */
export function listCandidates(
  models: readonly AnchorModel[],
  recipe: AnchorRecipe,
  steps: AnchorAudit['steps']
): Candidate[] {
  const { wordList } = recipe.filters
  const start = models.find((model) => !foldsCase(model, recipe.casePolicy)) ?? models[0]
  const anchors = wordList === null ? wordsOf(start) : listedWords(wordList)
  const all = anchors.map((anchor) => ({ anchor, tokens: [] }))
  steps.push({
    step: wordList === null ? `words of ${start.name}` : 'words of the list',
    left: all.length,
    dropped: 0,
    examples: []
  })
  let left: Candidate[] = keepDistinct(all, steps)
  for (const { step, reason, keeps } of surfaceFilters(recipe)) {
    left = keepWhere(left, step, steps, ({ anchor }) => (keeps(anchor) ? undefined : reason))
  }
  return left
}

type SurfaceFilter = {
  readonly step: string
  readonly keeps: (anchor: Anchor) => boolean
  /** Why an anchor is dropped. */
  readonly reason: string
}

/** The filters of a recipe that look at the surface alone; the word list is none of them. */
export function surfaceFilters({ rule, filters }: AnchorRecipe): SurfaceFilter[] {
  const { wholeWords, lettersOnly, minimumLength } = filters
  const tests: SurfaceFilter[] = []
  // The paper's rule puts a space before the word, so nothing that continues one can pass.
  if (wholeWords || rule === 'single-token')
    tests.push({ step: 'whole words', keeps: ({ beginsWord }) => beginsWord, reason: 'continues a word' })
  if (lettersOnly)
    tests.push({
      step: 'letters only',
      keeps: ({ surface }) => /^\p{L}[\p{L}\p{M}]*$/u.test(surface),
      reason: 'holds something other than letters'
    })
  if (minimumLength > 1)
    tests.push({
      step: `at least ${minimumLength} characters`,
      keeps: ({ surface }) => [...surface].length >= minimumLength,
      reason: 'too short'
    })
  return tests
}

function wordsOf({ vocabulary }: AnchorModel): Anchor[] {
  return vocabulary.tokens
    .filter((token) => token.kind === 'word')
    .map(({ surface, beginsWord }) => ({ surface, beginsWord }))
}

/** Lists are plain text: LAMA's come with white space around their words. */
function listedWords(words: readonly string[]): Anchor[] {
  return words
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((surface) => ({ surface, beginsWord: true }))
}
