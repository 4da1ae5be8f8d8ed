/** The words of a model, as every transfer compares them: by surface and word start. */
import type { TokenizerDefinition } from './tokenizer-definition.ts'
import { surfaceReader } from './vocabulary-markers.ts'

/** One entry of a tokenizer's vocabulary. */
export type Token = {
  readonly id: number
  /** As stored in the tokenizer, marker included: `Ġthe`, `##ing`, `▁the`. */
  readonly stored: string
  /** Decoded to Unicode, without marker. */
  readonly surface: string
  readonly beginsWord: boolean
  /**
   * `word`: text, whole words, pieces and punctuation alike; `special`: control tokens; `unused`: reserved
   * places without training; `byte`: part of a character; `space`: white space or a marker alone.
   */
  readonly kind: 'word' | 'special' | 'unused' | 'byte' | 'space'
}

/** The tokens of one model in order of id; ids may have gaps. */
export type Vocabulary = {
  readonly tokens: readonly Token[]
  /** Token of an id, or undefined for a padding row. */
  readonly byId: ReadonlyMap<number, Token>
}

/** BERT's and Gemma's reserved places, and those that fairseq pads its dictionaries with. */
const unusedPattern = /^(\[unused\d+\]|<unused\d+>|madeupword\d+)$/

/**
 * The vocabulary of a tokenizer.
 * @param special stored forms of tokens that its configuration names as special, beside those marked so
 * @throws `unsupported` for a vocabulary that does not say where words begin
 */
export function buildVocabulary(definition: TokenizerDefinition, special: ReadonlySet<string>): Vocabulary {
  const read = surfaceReader(definition)
  const added = new Map(definition.addedTokens.map((token) => [token.id, token]))
  const tokens: Token[] = []
  for (const { id, stored } of definition.entries) {
    const addition = added.get(id)
    const surface = read(stored, addition)
    const kind = kindOf(stored, surface.text, addition?.special === true || special.has(stored))
    tokens.push({ id, stored, surface: surface.text ?? stored, beginsWord: surface.beginsWord, kind })
  }
  tokens.sort((a, b) => a.id - b.id)
  const byId = new Map<number, Token>()
  for (const token of tokens) byId.set(token.id, token)
  return { tokens, byId }
}

/** What kind of token this is; `text` is null where it is no Unicode text on its own. */
function kindOf(stored: string, text: string | null, special: boolean): Token['kind'] {
  if (unusedPattern.test(stored)) return 'unused'
  if (special) return 'special'
  if (text === null) return 'byte'
  return text.trim() === '' ? 'space' : 'word'
}
