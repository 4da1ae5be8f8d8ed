/**
 * The tokenizer of a model folder: text to token ids and back, the special tokens, and the vocabulary that anchors
 * are chosen from. Nothing is fetched: a tokenizer is made from the folder's own files alone.
 */
import type { TokenizerKind } from './tokenizer-definition.ts'
import { readTokenizerFiles, type TokenizerFiles } from './tokenizer-files.ts'
import { loadPipeline } from './tokenizer-pipeline.ts'
import { findSpecialTokens, type SpecialTokens } from './tokenizer-special-tokens.ts'
import { buildVocabulary, type Vocabulary } from './vocabulary.ts'

export type Tokenizer = {
  readonly kind: TokenizerKind
  /** The files it was made from, relative to the folder. */
  readonly files: readonly string[]
  /** Whether text is lower-cased before it is cut into tokens. */
  readonly lowercases: boolean
  /** The tokens of a text that begins a sequence, without special tokens around it. */
  readonly encode: (text: string) => number[]
  /**
   * The tokens of a text that stands behind other text, a mask or a prompt: `' word'` is a word in running text,
   * `'.'` a full stop right behind. Tokenizers that mark the start of a text as the start of a word don't do so here.
   */
  readonly encodeContinuation: (text: string) => number[]
  /** The tokens of one sequence with the special tokens that the model expects around it. */
  readonly encodeWithSpecials: (text: string) => number[]
  /** The text of tokens, special ones included. */
  readonly decode: (ids: readonly number[]) => string
  /** The id of a token in its stored form (`Ġthe`, `##ing`), or undefined. */
  readonly idOf: (stored: string) => number | undefined
  readonly special: SpecialTokens
  /** Whether the mask token takes the space before it, as RoBERTa's does (`lstrip`). */
  readonly maskAbsorbsSpaceBefore: boolean
  readonly vocabulary: Vocabulary
}

/**
 * Opens the tokenizer of a model folder: `tokenizer.json`, or `vocab.txt` (WordPiece), or `vocab.json` with
 * `merges.txt` (byte-level BPE), or a SentencePiece model, with what `tokenizer_config.json` says of it.
 * @throws `file-not-found` without any tokenizer file, `unsupported` for a kind of tokenizer that is not known,
 *   `file-malformed` for files that say something impossible
 */
export async function openTokenizer(folder: string): Promise<Tokenizer> {
  return makeTokenizer(await readTokenizerFiles(folder), folder)
}

/** The tokenizer of a description. @param folder for errors */
export function makeTokenizer({ definition, config, files }: TokenizerFiles, folder: string): Tokenizer {
  const pipeline = loadPipeline(definition, config, folder)
  const { idByStored } = definition
  const special = findSpecialTokens(definition, config, idByStored)
  const specialForms = new Set(
    Object.values(special).flatMap((token) => (token === null ? [] : [token.token]))
  )
  const mask = special.mask
  return {
    kind: definition.kind,
    files,
    lowercases: definition.lowercases,
    ...pipeline,
    idOf: (stored) => idByStored.get(stored),
    special,
    maskAbsorbsSpaceBefore:
      mask !== null && definition.addedTokens.some((added) => added.id === mask.id && added.lstrip),
    vocabulary: buildVocabulary(definition, specialForms)
  }
}
