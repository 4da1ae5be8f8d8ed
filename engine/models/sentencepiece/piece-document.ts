/**
 * The description of a tokenizer (the contents of a `tokenizer.json`) from the pieces of a SentencePiece model, in the steps
 * that transformers gives them (`convert_slow_tokenizer.py`).
 */
import { mergesOf, type Piece, pieceTypes } from './piece-merges.ts'

export type PieceModel = {
  readonly kind: 'Unigram' | 'BPE'
  readonly pieces: readonly Piece[]
  /** Whether a space is put before a text. */
  readonly addsSpace: boolean
  /** The table of SentencePiece's normaliser in base 64; null where text stays as it is. */
  readonly charactersMap: string | null
  /** `TemplateProcessing`, or null where nothing is put around a text. */
  readonly frame: object | null
}

const space = '▁'

export function pieceDocument(model: PieceModel): object {
  const { pieces, frame } = model
  const unknown = pieces.findIndex(({ type }) => type === pieceTypes.unknown)
  const added_tokens = pieces.flatMap(({ text, type }, id) => {
    const isSpecial = type === pieceTypes.control || type === pieceTypes.unknown
    return isSpecial || type === pieceTypes.userDefined ? [{ id, content: text, special: isSpecial }] : []
  })
  const byte_fallback = pieces.some(({ type }) => type === pieceTypes.byte)
  const common = { added_tokens, post_processor: frame }
  if (model.kind === 'Unigram') {
    const metaspace = {
      type: 'Metaspace',
      replacement: space,
      prepend_scheme: model.addsSpace ? 'always' : 'never'
    }
    return {
      ...common,
      normalizer: unigramNormalizer(model),
      pre_tokenizer: metaspace,
      decoder: metaspace,
      model: {
        type: 'Unigram',
        unk_id: unknown < 0 ? null : unknown,
        byte_fallback,
        vocab: pieces.map(({ text, score }) => [text, score])
      }
    }
  }
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: space }
  const prepend = { type: 'Prepend', prepend: space }
  return {
    ...common,
    normalizer: { type: 'Sequence', normalizers: model.addsSpace ? [prepend, replace] : [replace] },
    pre_tokenizer: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: space }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(model.addsSpace ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : [])
      ]
    },
    model: {
      type: 'BPE',
      unk_token: pieces[unknown]?.text ?? null,
      fuse_unk: true,
      byte_fallback,
      vocab: Object.fromEntries(pieces.map(({ text }, id) => [text, id])),
      merges: mergesOf(pieces)
    }
  }
}

function unigramNormalizer({ charactersMap }: PieceModel): object {
  return {
    type: 'Sequence',
    normalizers: [
      ...(charactersMap === null ? [] : [{ type: 'Precompiled', precompiled_charsmap: charactersMap }]),
      { type: 'Strip', strip_left: false, strip_right: true },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: space }
    ]
  }
}
