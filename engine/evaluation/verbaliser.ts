/** Label words as tokens: a word counts where `' ' + word` is one known token, the same rule as for anchors. */
import type { LabelWord } from '#engine/common/contract/tasks.ts'
import type { Tokenizer } from '#engine/models/tokenizer.ts'

/** Tokens of words that were asked for before: a queue of relations has one common vocabulary of 20,000 words. */
const known = new WeakMap<Tokenizer, Map<string, number | undefined>>()

function findWordToken(word: string, tokenizer: Tokenizer): number | undefined {
  const ids = tokenizer.encodeContinuation(` ${word}`)
  return ids.length === 1 && ids[0] !== tokenizer.special.unk?.id ? ids[0] : undefined
}

/** The token of a word that begins a word in running text, or undefined where it is not a single known one. */
export function wordToken(word: string, tokenizer: Tokenizer): number | undefined {
  const tokens = known.get(tokenizer) ?? new Map<string, number | undefined>()
  known.set(tokenizer, tokens)
  if (!tokens.has(word)) tokens.set(word, findWordToken(word, tokenizer))
  return tokens.get(word)
}

/** Label words as a person sees them: the tokens of each, and whether it can be predicted. */
export function describeLabelWords(words: readonly string[], tokenizer: Tokenizer): LabelWord[] {
  return words.map((word) => ({
    word,
    tokens: tokenizer.encodeContinuation(` ${word}`).map((id) => ({ id, text: tokenizer.decode([id]) })),
    usable: wordToken(word, tokenizer) !== undefined
  }))
}

export type Verbaliser = {
  /** Distinct tokens that a prediction is chosen from, in order of the words: `[c]`. */
  readonly tokens: Int32Array
  /** The first word of each token. */
  readonly wordOf: ReadonlyMap<number, string>
  /** Words that are not one token in this model. */
  readonly leftOut: readonly string[]
}

/** The candidate words as tokens of one model. Words that fall together (a model that lower-cases) share a token. */
export function buildVerbaliser(words: readonly string[], tokenizer: Tokenizer): Verbaliser {
  const wordOf = new Map<number, string>()
  const leftOut: string[] = []
  for (const word of words) {
    const token = wordToken(word, tokenizer)
    if (token === undefined) leftOut.push(word)
    else if (!wordOf.has(token)) wordOf.set(token, word)
  }
  return { tokens: Int32Array.from(wordOf.keys()), wordOf, leftOut }
}
