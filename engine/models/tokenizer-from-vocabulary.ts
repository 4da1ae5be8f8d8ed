/**
 * The description of a tokenizer (the contents of a `tokenizer.json`) from the vocabulary files that older model
 * folders hold in its place. The steps are those that Python transformers gives the same files.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type TokenizerConfig, withConventionalTokens } from './tokenizer-config.ts'

/** BERT's WordPiece from the lines of a `vocab.txt`; the id is the number of the line, from 0 on. */
export function wordPieceDocument(text: string, settings: TokenizerConfig): object {
  const vocab = new Map<string, number>()
  const lines = text.split(/\r\n|\n|\r/)
  for (const [id, line] of lines.entries()) if (line !== '') vocab.set(line, id)
  const config = withConventionalTokens(settings, (token) => vocab.has(token))
  const { cls_token: cls, sep_token: sep } = config
  return {
    added_tokens: addedTokens(vocab, config),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: config.tokenize_chinese_chars ?? true,
      strip_accents: config.strip_accents ?? null,
      lowercase: config.do_lower_case ?? !hasUpperCase(vocab)
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: cls && sep ? frame(vocab, [cls], [sep]) : null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
    model: {
      type: 'WordPiece',
      unk_token: config.unk_token ?? '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocab)
    }
  }
}

/** A cased vocabulary shows it: lower-casing models hold upper-case letters in their special tokens alone. */
function hasUpperCase(vocab: ReadonlyMap<string, number>): boolean {
  for (const token of vocab.keys()) if (/\p{Lu}/u.test(token) && !/^\[.+\]$/.test(token)) return true
  return false
}

/**
 * Byte-level BPE from `vocab.json` and the lines of `merges.txt`: RoBERTa's where its special tokens are in the
 * vocabulary, else GPT-2's, which puts nothing around a sequence unless `add_bos_token` says so.
 */
export function byteLevelDocument(
  vocabulary: unknown,
  merges: string,
  settings: TokenizerConfig,
  path: string
): object {
  const vocab = new Map(Object.entries(Object(vocabulary)))
  if (![...vocab.keys()].some((token) => token.startsWith('Ġ'))) {
    throw new AnchorageError('unsupported', 'These vocabulary files are not of a byte-level tokenizer.', {
      where: path,
      found: 'no token that begins with Ġ',
      expected: 'the vocab.json of a model such as RoBERTa or GPT-2',
      next: 'Save the tokenizer with a current version of Python transformers, which writes tokenizer.json.'
    })
  }
  const config = withConventionalTokens(settings, (token) => vocab.has(token))
  const prefixSpace = config.add_prefix_space ?? false
  return {
    added_tokens: addedTokens(vocab, config),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: prefixSpace, trim_offsets: true, use_regex: true },
    post_processor: byteLevelFrame(vocab, config),
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      vocab: vocabulary,
      merges: merges
        .split(/\r?\n/)
        .filter((line, index) => line !== '' && !(index === 0 && line.startsWith('#version')))
    }
  }
}

function byteLevelFrame(vocab: ReadonlyMap<string, unknown>, config: TokenizerConfig): object | null {
  const { cls_token: cls, sep_token: sep, bos_token: bos } = config
  if (cls && sep) return frame(vocab, [cls], [sep])
  return config.add_bos_token && bos ? frame(vocab, [bos], []) : null
}

/** Special tokens before and after one sequence. */
export function frame(
  vocab: ReadonlyMap<string, unknown>,
  before: readonly string[],
  after: readonly string[]
): object {
  const place = (token: string) => ({ SpecialToken: { id: token, type_id: 0 } })
  const single = [...before.map(place), { Sequence: { id: 'A', type_id: 0 } }, ...after.map(place)]
  const tokens = [...new Set([...before, ...after])].map((token) => [
    token,
    { id: token, ids: [vocab.get(token)], tokens: [token] }
  ])
  return { type: 'TemplateProcessing', single, pair: single, special_tokens: Object.fromEntries(tokens) }
}

/** The special tokens of the configuration, and what else it lists as added. Byte-level masks take the space before. */
function addedTokens(vocab: ReadonlyMap<string, unknown>, config: TokenizerConfig): object[] {
  const special = [
    config.mask_token,
    config.cls_token,
    config.sep_token,
    config.pad_token,
    config.bos_token,
    config.eos_token,
    config.unk_token
  ].filter((token) => typeof token === 'string')
  const byId = new Map<number, object>()
  for (const token of special) {
    const id = vocab.get(token)
    if (typeof id === 'number')
      byId.set(id, { id, content: token, lstrip: token === '<mask>', special: true })
  }
  for (const [id, token] of Object.entries(config.added_tokens_decoder ?? {})) {
    byId.set(Number(id), { ...token, id: Number(id) })
  }
  return [...byId.values()]
}
