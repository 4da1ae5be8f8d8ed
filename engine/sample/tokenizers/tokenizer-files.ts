/**
 * `tokenizer.json` and `tokenizer_config.json` of the three classic kinds, made from word counts: WordPiece (BERT),
 * byte-level BPE (RoBERTa, GPT-2) and a lower-casing Unigram model (ALBERT).
 */
import type { LanguageModelFamily } from '../training/language-model-shape.ts'
import { learnMerges } from './byte-pair-merges.ts'
import { alphabetOf } from './word-counts.ts'

export type TokenizerFiles = {
  readonly tokenizer: object
  readonly config: object
  /** `V`, the number of tokens. */
  readonly size: number
}

/** How many of the most frequent words (WordPiece, Unigram) or merges (BPE) become tokens. */
export type TokenizerSettings = { readonly family: LanguageModelFamily; readonly size: number }

function addedTokens(
  contents: readonly string[],
  idOf: (content: string) => number,
  leftStripped: string | null
) {
  return contents.map((content) => ({
    id: idOf(content),
    content,
    single_word: false,
    lstrip: content === leftStripped,
    rstrip: false,
    normalized: false,
    special: true
  }))
}

/** `[CLS] A [SEP]`, as BERT and ALBERT frame a sequence. */
function clsSepFrame(cls: number, sep: number) {
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } })
  const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } })
  return {
    type: 'TemplateProcessing',
    single: [special('[CLS]'), sequence('A', 0), special('[SEP]')],
    pair: [special('[CLS]'), sequence('A', 0), special('[SEP]'), sequence('B', 1), special('[SEP]')],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [cls], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [sep], tokens: ['[SEP]'] }
    }
  }
}

function mostFrequentWords(counts: ReadonlyMap<string, number>, size: number): string[] {
  return [...counts.keys()].slice(0, size)
}

function wordPiece(counts: ReadonlyMap<string, number>, size: number): TokenizerFiles {
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
  const characters = alphabetOf(counts.keys())
  const pieces = [
    ...new Set([
      ...special,
      ...characters,
      ...characters.map((character) => `##${character}`),
      ...mostFrequentWords(counts, size)
    ])
  ]
  return {
    size: pieces.length,
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: addedTokens(special, (token) => special.indexOf(token), null),
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: false
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: clsSepFrame(2, 3),
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
        vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id]))
      }
    },
    config: {
      tokenizer_class: 'BertTokenizer',
      do_lower_case: false,
      cls_token: '[CLS]',
      sep_token: '[SEP]',
      mask_token: '[MASK]',
      pad_token: '[PAD]',
      unk_token: '[UNK]'
    }
  }
}

/** GPT-2's printable character for each byte: printable Latin-1 as it is, the others from U+0100 on. */
function byteCharacters(): string[] {
  const printable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255)
  let others = 0
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(printable(byte) ? byte : 256 + others++)
  )
}

const spaceCharacter = 'Ġ'

function byteLevelBpe(
  counts: ReadonlyMap<string, number>,
  size: number,
  family: 'roberta' | 'gpt2'
): TokenizerFiles {
  const before = family === 'roberta' ? ['<s>', '<pad>', '</s>', '<unk>'] : ['<|endoftext|>']
  const after = family === 'roberta' ? ['<mask>'] : []
  // The world is written in ASCII, so a word's letters are its bytes.
  const merges = learnMerges(
    new Map([...counts].map(([word, count]) => [spaceCharacter + word, count])),
    size
  )
  const pieces = [
    ...new Set([...before, ...byteCharacters(), ...merges.map(([left, right]) => left + right), ...after])
  ]
  const special = [...before, ...after]
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  return {
    size: pieces.length,
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: addedTokens(special, (token) => pieces.indexOf(token), '<mask>'),
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor:
        family === 'roberta'
          ? {
              type: 'RobertaProcessing',
              sep: ['</s>', 2],
              cls: ['<s>', 0],
              trim_offsets: true,
              add_prefix_space: false
            }
          : { ...byteLevel, trim_offsets: false },
      decoder: { ...byteLevel, add_prefix_space: true },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: '',
        end_of_word_suffix: '',
        fuse_unk: false,
        byte_fallback: false,
        vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
        merges: merges.map(([left, right]) => `${left} ${right}`)
      }
    },
    config:
      family === 'roberta'
        ? {
            tokenizer_class: 'RobertaTokenizer',
            bos_token: '<s>',
            eos_token: '</s>',
            cls_token: '<s>',
            sep_token: '</s>',
            mask_token: '<mask>',
            pad_token: '<pad>',
            unk_token: '<unk>'
          }
        : {
            tokenizer_class: 'GPT2Tokenizer',
            bos_token: '<|endoftext|>',
            eos_token: '<|endoftext|>',
            unk_token: '<|endoftext|>'
          }
  }
}

function lowerCased(counts: ReadonlyMap<string, number>): Map<string, number> {
  const lower = new Map<string, number>()
  for (const [word, count] of counts) {
    lower.set(word.toLowerCase(), (lower.get(word.toLowerCase()) ?? 0) + count)
  }
  return new Map([...lower].sort(([, a], [, b]) => b - a))
}

function unigram(counts: ReadonlyMap<string, number>, size: number): TokenizerFiles {
  const special = ['<pad>', '<unk>', '[CLS]', '[SEP]', '[MASK]']
  const lower = lowerCased(counts)
  const total = [...lower.values()].reduce((sum, count) => sum + count, 0)
  // Characters score below every word, so that a known word is never spelled out.
  const characterScore = 2 * Math.log(1 / total)
  const vocabulary: [string, number][] = [
    ...special.map((token): [string, number] => [token, 0]),
    ...mostFrequentWords(lower, size).map((word): [string, number] => [
      `▁${word}`,
      Math.log((lower.get(word) ?? 1) / total)
    ]),
    ['▁', characterScore],
    ...alphabetOf(lower.keys()).map((character): [string, number] => [character, characterScore])
  ]
  const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }
  return {
    size: vocabulary.length,
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: addedTokens(special, (token) => special.indexOf(token), '[MASK]'),
      normalizer: {
        type: 'Sequence',
        normalizers: [{ type: 'NFKD' }, { type: 'StripAccents' }, { type: 'Lowercase' }]
      },
      pre_tokenizer: metaspace,
      post_processor: clsSepFrame(2, 3),
      decoder: metaspace,
      model: { type: 'Unigram', unk_id: 1, vocab: vocabulary }
    },
    config: {
      tokenizer_class: 'AlbertTokenizer',
      do_lower_case: true,
      cls_token: '[CLS]',
      sep_token: '[SEP]',
      mask_token: '[MASK]',
      pad_token: '<pad>',
      unk_token: '<unk>'
    }
  }
}

/** The tokenizer of a family for a corpus, from its word counts (most frequent first). */
export function makeTokenizer(
  counts: ReadonlyMap<string, number>,
  settings: TokenizerSettings
): TokenizerFiles {
  switch (settings.family) {
    case 'bert':
      return wordPiece(counts, settings.size)
    case 'albert':
      return unigram(counts, settings.size)
    case 'roberta':
    case 'gpt2':
      return byteLevelBpe(counts, settings.size, settings.family)
  }
}
