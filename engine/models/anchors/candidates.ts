/** The words that an anchor set starts from, and the filters that need no tokenizer. */
import type { Anchor, AnchorAudit, AnchorRecipe } from '../../contract/anchors.ts'
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
  const { wordList, wholeWords, lettersOnly, minimumLength } = recipe.filters
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
  // The paper's rule puts a space before the word, so nothing that continues one can pass.
  if (wholeWords || recipe.rule === 'single-token') {
    left = keepWhere(left, 'whole words', steps, ({ anchor }) =>
      anchor.beginsWord ? undefined : 'continues a word'
    )
  }
  if (lettersOnly) {
    left = keepWhere(left, 'letters only', steps, ({ anchor }) =>
      /^\p{L}[\p{L}\p{M}]*$/u.test(anchor.surface) ? undefined : 'holds something other than letters'
    )
  }
  if (minimumLength > 1) {
    left = keepWhere(left, `at least ${minimumLength} characters`, steps, ({ anchor }) =>
      [...anchor.surface].length >= minimumLength ? undefined : 'too short'
    )
  }
  return left
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
