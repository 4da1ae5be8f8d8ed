/** The tokenizer inside a GGUF file, as the contents of a `tokenizer.json`. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { pieceDocument } from '../sentencepiece/piece-document.ts'
import { type Piece, pieceTypes } from '../sentencepiece/piece-merges.ts'
import { defineTokenizer } from '../tokenizer-definition.ts'
import type { TokenizerFiles } from '../tokenizer-files.ts'
import { frame } from '../tokenizer-from-vocabulary.ts'
import type { Settings } from './gguf-settings.ts'

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true }

function byExpression(expression: string): object {
  const split = { type: 'Split', pattern: { Regex: expression }, behavior: 'Isolated', invert: false }
  return { type: 'Sequence', pretokenizers: [split, { ...byteLevel, use_regex: false }] }
}

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"

/** How text is cut before its bytes are merged, by the name that `tokenizer.ggml.pre` has for it. */
const cuts: ReadonlyMap<string, object> = new Map([
  ...['default', 'gpt-2', 'gpt2'].map((name): [string, object] => [name, { ...byteLevel, use_regex: true }]),
  ...['smollm', 'starcoder', 'refact', 'command-r'].map((name): [string, object] => [
    name,
    {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Digits', individual_digits: true },
        { ...byteLevel, use_regex: true }
      ]
    }
  ]),
  ...['llama-bpe', 'llama3', 'llama-v3'].map((name): [string, object] => [
    name,
    byExpression(
      `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`
    )
  ]),
  ...['qwen2', 'deepseek-r1-qwen'].map((name): [string, object] => [
    name,
    byExpression(
      `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`
    )
  ])
])

/** Whose vocabularies normalise text to composed characters first. */
const composed = /^(qwen2|deepseek-r1-qwen)$/

function unsupported(path: string, found: string, expected: string): AnchorageError {
  return new AnchorageError('unsupported', 'The tokenizer inside the GGUF file is not read.', {
    where: path,
    found,
    expected,
    next: 'Put the tokenizer.json of the original model into the folder of the file.'
  })
}

type Vocabulary = {
  readonly path: string
  readonly settings: Settings
  readonly tokens: readonly string[]
  readonly types: readonly number[]
  /** What is put before a text. */
  readonly frame: object | null
}

function byteLevelDocument({ path, settings, tokens, types, frame: around }: Vocabulary): object {
  const merges = settings.texts('tokenizer.ggml.merges')
  const cut = settings.text('tokenizer.ggml.pre') ?? 'default'
  const pre_tokenizer = cuts.get(cut)
  if (pre_tokenizer === undefined) {
    throw unsupported(path, `text cut as in ${cut} (tokenizer.ggml.pre)`, [...cuts.keys()].join(', '))
  }
  if (merges === undefined) throw unsupported(path, 'no merges', 'tokenizer.ggml.merges')
  return {
    added_tokens: tokens.flatMap((content, id) => {
      const type = types[id]
      const isAdded = type === pieceTypes.control || type === pieceTypes.userDefined
      return isAdded ? [{ id, content, special: type === pieceTypes.control }] : []
    }),
    normalizer: composed.test(cut) ? { type: 'NFC' } : null,
    pre_tokenizer,
    post_processor: around,
    decoder: { ...byteLevel, use_regex: true },
    model: {
      type: 'BPE',
      unk_token: null,
      ignore_merges: cut.startsWith('llama'),
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: [...merges]
    }
  }
}

/**
 * The tokenizer of a GGUF file: byte-level BPE (`gpt2` there) or SentencePiece's BPE (`llama`).
 * @param file name of the file, for the report
 * @throws `unsupported` for another kind, `file-malformed` where it says something impossible
 */
export function ggufTokenizer(settings: Settings, path: string, file: string): TokenizerFiles {
  const of = (name: string) => settings.number(`tokenizer.ggml.${name}`)
  const kind = settings.text('tokenizer.ggml.model') ?? 'none'
  const tokens = settings.texts('tokenizer.ggml.tokens') ?? []
  const types = settings.numbers('tokenizer.ggml.token_type') ?? []
  const tokenOf = (name: string): string | undefined => tokens[of(`${name}_token_id`) ?? -1]
  const bos = tokenOf('bos')
  const isPieces = kind === 'llama'
  const addsBos =
    settings.flag('tokenizer.ggml.add_bos_token') ??
    (isPieces || settings.text('tokenizer.ggml.pre') === 'llama-bpe')
  const ids = new Map(tokens.map((token, id) => [token, id]))
  const around = addsBos && bos !== undefined ? frame(ids, [bos], []) : null
  const vocabulary = { path, settings, tokens, types, frame: around }
  const document = isPieces
    ? piecesDocument(vocabulary)
    : byteLevelDocument(requireByteLevel(vocabulary, kind))
  const config = {
    bos_token: bos,
    eos_token: tokenOf('eos'),
    unk_token: tokenOf('unknown'),
    pad_token: tokenOf('padding')
  }
  return { definition: defineTokenizer(document, path, config), config, files: [file] }
}

function requireByteLevel(vocabulary: Vocabulary, kind: string): Vocabulary {
  if (kind === 'gpt2' && vocabulary.tokens.length > 0) return vocabulary
  throw unsupported(vocabulary.path, `a tokenizer of the kind ${kind}`, 'gpt2 or llama')
}

function piecesDocument({ settings, tokens, types, frame: around }: Vocabulary): object {
  const scores = settings.numbers('tokenizer.ggml.scores') ?? []
  const pieces = tokens.map(
    (text, id): Piece => ({ text, score: scores[id] ?? 0, type: types[id] ?? pieceTypes.normal })
  )
  return pieceDocument({
    kind: 'BPE',
    pieces,
    normalizers: [],
    marks: (settings.flag('tokenizer.ggml.add_space_prefix') ?? true) ? 'start' : 'nothing',
    frame: around
  })
}
