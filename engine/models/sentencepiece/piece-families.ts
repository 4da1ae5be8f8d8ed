/**
 * What families make of a SentencePiece model: which ids its pieces have, how text is normalised, and which tokens stand
 * around it, as their tokenizer classes in transformers 5 have it.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { TokenizerConfig } from '../tokenizer-config.ts'
import { frame } from '../tokenizer-from-vocabulary.ts'
import { type PieceModel, pieceDocument } from './piece-document.ts'
import type { PieceFile } from './piece-file.ts'
import { type Piece, pieceTypes } from './piece-merges.ts'

type Names = Partial<Record<'bos' | 'eos' | 'unk' | 'pad' | 'cls' | 'sep' | 'mask', string>>

type Family = {
  /** The pieces in the order of their ids. */
  readonly pieces: (file: readonly Piece[], config: TokenizerConfig) => readonly Piece[]
  readonly normalizers: (map: readonly object[], config: TokenizerConfig) => readonly object[]
  readonly marks: (file: PieceFile) => PieceModel['marks']
  readonly around: (config: TokenizerConfig) => readonly [before: readonly string[], after: readonly string[]]
  readonly names: Names
  readonly absorbing?: readonly string[]
}

function control(text: string): Piece {
  return { text, score: 0, type: pieceTypes.control }
}

const unknown: Piece = { text: '<unk>', score: 0, type: pieceTypes.unknown }

const isThere = (pieces: readonly Piece[], text: string) => pieces.some((piece) => piece.text === text)

/** The pieces, with one more behind them where the file has none of this name. */
function withMask(pieces: readonly Piece[], mask: string): readonly Piece[] {
  return isThere(pieces, mask) ? pieces : [...pieces, control(mask)]
}

const bertNames: Names = { cls: '[CLS]', sep: '[SEP]', mask: '[MASK]', bos: '[CLS]', eos: '[SEP]' }
const fairseqNames: Names = {
  bos: '<s>',
  eos: '</s>',
  cls: '<s>',
  sep: '</s>',
  unk: '<unk>',
  pad: '<pad>',
  mask: '<mask>'
}

const t5: Family = {
  pieces: (file, { extra_ids: count = 100 }) => [
    ...file,
    ...Array.from({ length: count ?? 100 }, (_, index) => control(`<extra_id_${(count ?? 100) - 1 - index}>`))
  ],
  normalizers: (map) => map,
  marks: () => 'words',
  around: () => [[], ['</s>']],
  names: { eos: '</s>', unk: '<unk>', pad: '<pad>' }
}

/** A piece that ends in a digit and a comma is made unlikely. */
function withoutNumbers({ text, score, type }: Piece): Piece {
  return { text, type, score: /\d,$/.test(text) ? score - 100 : score }
}

const albert: Family = {
  pieces: (file) => file.map(withoutNumbers),
  normalizers: (map, { do_lower_case, keep_accents }) => [
    { type: 'Replace', pattern: { String: '``' }, content: '"' },
    { type: 'Replace', pattern: { String: "''" }, content: '"' },
    ...(keep_accents === true ? [] : [{ type: 'NFKD' }, { type: 'StripAccents' }]),
    ...(do_lower_case === false ? [] : [{ type: 'Lowercase' }]),
    ...map
  ],
  marks: () => 'words',
  around: () => [['[CLS]'], ['[SEP]']],
  names: { ...bertNames, unk: '<unk>', pad: '<pad>' }
}

/** fairseq has special tokens of its own before the pieces, and the mask behind them. */
const xlmRoberta: Family = {
  pieces: (file) => [
    control('<s>'),
    control('<pad>'),
    control('</s>'),
    unknown,
    ...file.slice(3),
    control('<mask>')
  ],
  normalizers: (map) => map,
  marks: () => 'words',
  around: () => [['<s>'], ['</s>']],
  names: fairseqNames,
  absorbing: ['<mask>']
}

const camembert: Family = {
  ...xlmRoberta,
  pieces: (file) => [
    { text: '<s>NOTUSED', score: 0, type: pieceTypes.normal },
    control('<pad>'),
    { text: '</s>NOTUSED', score: 0, type: pieceTypes.normal },
    unknown,
    { text: '<unk>NOTUSED', score: -100, type: pieceTypes.normal },
    ...file.slice(1),
    control('<mask>')
  ]
}

const debertaV2: Family = {
  pieces: (file) => withMask(file, '[MASK]'),
  normalizers: (_, { do_lower_case }) => [
    ...(do_lower_case === true ? [{ type: 'Lowercase' }] : []),
    { type: 'Replace', pattern: { Regex: '\\s{2,}|[\\n\\r\\t]' }, content: ' ' },
    { type: 'NFC' },
    { type: 'Strip', strip_left: false, strip_right: true }
  ],
  marks: () => 'text',
  around: () => [['[CLS]'], ['[SEP]']],
  names: { ...bertNames, unk: '[UNK]', pad: '[PAD]' }
}

const llama: Family = {
  pieces: (file) => file,
  normalizers: () => [],
  marks: ({ addsSpace }) => (addsSpace ? 'start' : 'nothing'),
  around: ({ add_bos_token, bos_token }) => [add_bos_token === false ? [] : [bos_token ?? '<s>'], []],
  names: { bos: '<s>', eos: '</s>', unk: '<unk>' }
}

const gemma: Family = {
  ...llama,
  marks: () => 'nothing',
  around: ({ add_bos_token, bos_token }) => [add_bos_token === false ? [] : [bos_token ?? '<bos>'], []],
  names: { bos: '<bos>', eos: '<eos>', unk: '<unk>', pad: '<pad>' }
}

/** By the name of a tokenizer class or a model type, without what they differ in. */
const families: readonly (readonly [RegExp, Family])[] = [
  [/^(u?m?|long)t5$/, t5],
  [/^albert$/, albert],
  [/^xlmroberta$/, xlmRoberta],
  [/^camembert$/, camembert],
  [/^debertav2$/, debertaV2],
  [/^gemma\d*(text)?$/, gemma],
  [/^(llama|codellama|mistral|mixtral|phi3)$/, llama]
]

function familyOf(names: readonly (string | null | undefined)[]): Family | undefined {
  for (const name of names) {
    const plain = (name ?? '')
      .replace(/Tokenizer(Fast)?$/, '')
      .replace(/[-_]/g, '')
      .toLowerCase()
    const found = families.find(([pattern]) => pattern.test(plain))
    if (found !== undefined) return found[1]
  }
  return undefined
}

/** The configuration with the special tokens of the family where it names none. */
function withNames(config: TokenizerConfig, { names }: Family): TokenizerConfig {
  const assumed = Object.entries(names).map(([role, token]) => [`${role}_token`, token])
  const named = Object.entries(config).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(assumed), ...Object.fromEntries(named) }
}

/**
 * The contents of a `tokenizer.json`, and the configuration with the family's special tokens.
 * @param modelType of `config.json`, where `tokenizer_config.json` names no class
 * @param path for errors
 * @throws `unsupported` for a family whose special tokens are not known here
 */
export function familyDocument(
  file: PieceFile,
  settings: TokenizerConfig,
  modelType: string | undefined,
  path: string
): { document: object; config: TokenizerConfig } {
  const family = familyOf([settings.tokenizer_class, modelType])
  if (family === undefined) {
    throw new AnchorageError(
      'unsupported',
      'What this family makes of its SentencePiece file is not known.',
      {
        where: path,
        found: `the tokenizer class ${settings.tokenizer_class ?? 'unspecified'}, the model type ${modelType ?? 'unspecified'}`,
        expected:
          'T5, mT5, ALBERT, XLM-RoBERTa, CamemBERT, DeBERTa-v2, LLaMA, Mistral, Phi-3, Gemma, or a tokenizer.json',
        next: 'Make a tokenizer.json in Python: AutoTokenizer.from_pretrained(folder).save_pretrained(folder).'
      }
    )
  }
  const config = withNames(settings, family)
  const pieces = family.pieces(file.pieces, config)
  const ids = new Map(pieces.map(({ text }, id) => [text, id]))
  const [before, after] = family.around(config)
  const isFramed = before.length + after.length > 0
  const map = file.charactersMap
  const document = pieceDocument({
    kind: file.kind,
    pieces,
    normalizers: family.normalizers(
      map === null ? [] : [{ type: 'Precompiled', precompiled_charsmap: map }],
      config
    ),
    marks: family.marks(file),
    frame: isFramed ? frame(ids, before, after) : null,
    absorbing: family.absorbing ?? []
  })
  return { document, config }
}
