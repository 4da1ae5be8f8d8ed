/**
 * The description of a tokenizer (the contents of a `tokenizer.json`) from the pieces of a SentencePiece model, in the steps
 * that transformers gives them.
 */
import { mergesOf, type Piece, pieceTypes } from './piece-merges.ts'

export type PieceModel = {
  readonly kind: 'Unigram' | 'BPE'
  /** In the order of their ids. */
  readonly pieces: readonly Piece[]
  /** Steps of normalisation before spaces are marked. */
  readonly normalizers: readonly object[]
  /**
   * Where the marker of a space is put without a space: before every word, white space of all kinds between them; before
   * the text; before the text alone where there are special tokens in it; nowhere.
   */
  readonly marks: 'words' | 'text' | 'start' | 'nothing'
  /** `TemplateProcessing`, or null where nothing is put around a text. */
  readonly frame: object | null
  /** Tokens that take the space before them. */
  readonly absorbing?: readonly string[]
}

const space = '▁'

function metaspace(scheme: 'always' | 'first') {
  return { type: 'Metaspace', replacement: space, prepend_scheme: scheme, split: scheme === 'always' }
}

function preTokenizerOf(marks: PieceModel['marks']): object | null {
  switch (marks) {
    case 'words':
      return { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace('always')] }
    case 'text':
      return metaspace('always')
    case 'start':
      return metaspace('first')
    case 'nothing':
      return null
  }
}

function addedTokens({ pieces, absorbing = [] }: PieceModel): object[] {
  return pieces.flatMap(({ text, type }, id) => {
    const special = type === pieceTypes.control || type === pieceTypes.unknown
    if (!special && type !== pieceTypes.userDefined) return []
    return [{ id, content: text, special, lstrip: absorbing.includes(text) }]
  })
}

export function pieceDocument(model: PieceModel): object {
  const { pieces, marks, normalizers } = model
  const unknown = pieces.findIndex(({ type }) => type === pieceTypes.unknown)
  const byte_fallback = pieces.some(({ type }) => type === pieceTypes.byte)
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: space }
  const steps = marks === 'nothing' ? [...normalizers, replace] : normalizers
  const common = {
    added_tokens: addedTokens(model),
    normalizer: steps.length === 0 ? null : { type: 'Sequence', normalizers: steps },
    pre_tokenizer: preTokenizerOf(marks),
    post_processor: model.frame
  }
  if (model.kind === 'Unigram') {
    const vocab = pieces.map(({ text, score }) => [text, score])
    const unk_id = unknown < 0 ? null : unknown
    return {
      ...common,
      decoder: metaspace('always'),
      model: { type: 'Unigram', unk_id, byte_fallback, vocab }
    }
  }
  return {
    ...common,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: space }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(marks === 'nothing' ? [] : [{ type: 'Strip', content: ' ', start: 1, stop: 0 }])
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
