/**
 * How a vocabulary marks where words begin: `##` before what continues one (WordPiece), `Ġ` before what begins one
 * (byte-level BPE, whose characters stand for bytes), `▁` before what begins one (SentencePiece).
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import {
  type AddedToken,
  type PipelineStep,
  stepsOf,
  type TokenizerDefinition
} from './tokenizer-definition.ts'

/** The surface of a token (null where it is no Unicode text on its own) and whether it begins a word. */
export type Surface = { readonly text: string | null; readonly beginsWord: boolean }

/** Reads one stored token; `added` where it was added to the vocabulary later. */
export type SurfaceReader = (stored: string, added: AddedToken | undefined) => Surface

/** How this tokenizer's tokens are read. @throws `unsupported` for one that does not mark where words begin. */
export function surfaceReader(definition: TokenizerDefinition): SurfaceReader {
  const { normalizer, pre_tokenizer, decoder, model } = definition.document
  const steps = [normalizer, pre_tokenizer, decoder].flatMap((step) => stepsOf(step))
  if (definition.kind === 'WordPiece') return continuationReader(model.continuing_subword_prefix ?? '##')
  if (steps.some((step) => step.type === 'ByteLevel')) return byteLevelReader
  if (definition.kind === 'Unigram' || steps.some(writesMetaspace)) return metaspaceReader
  if (model.continuing_subword_prefix) return continuationReader(model.continuing_subword_prefix)
  throw new AnchorageError('unsupported', 'This vocabulary does not say where words begin.', {
    found: `a ${definition.kind} vocabulary${model.end_of_word_suffix ? ` that marks the ends of words with ${model.end_of_word_suffix}` : ''}`,
    expected: '## before continuations, or Ġ or ▁ before beginnings of words',
    next: 'Use a model with such a tokenizer.'
  })
}

const metaspace = '▁'

/** SentencePiece's marker comes from a pre-tokenizer, or in Llama and Gemma from a normaliser. */
function writesMetaspace(step: PipelineStep): boolean {
  return step.type === 'Metaspace' || (step.type === 'Replace' && step['content'] === metaspace)
}

function continuationReader(prefix: string): SurfaceReader {
  return (stored) =>
    stored.startsWith(prefix)
      ? { text: stored.slice(prefix.length), beginsWord: false }
      : { text: stored, beginsWord: true }
}

const bytePattern = /^<0x[0-9A-F]{2}>$/

const metaspaceReader: SurfaceReader = (stored, added) => {
  if (bytePattern.test(stored)) return { text: null, beginsWord: false }
  const marked = stored.startsWith(metaspace)
  const text = (marked ? stored.slice(metaspace.length) : stored).replaceAll(metaspace, ' ')
  return { text, beginsWord: marked || added?.lstrip === true }
}

const byteLevelReader: SurfaceReader = (stored, added) => {
  // Added tokens are written as they are; only learnt ones stand for bytes.
  if (added !== undefined)
    return { text: stored.trimStart(), beginsWord: added.lstrip || stored.startsWith(' ') }
  const text = decodeByteLevel(stored)
  if (text === null) return { text, beginsWord: stored.startsWith('Ġ') }
  return { text: text.startsWith(' ') ? text.slice(1) : text, beginsWord: text.startsWith(' ') }
}

/**
 * GPT-2's alphabet: bytes that print as themselves do so, the others take the characters from U+0100 on in order;
 * a space is `Ġ`.
 */
const byteOfCharacter: ReadonlyMap<string, number> = (() => {
  const prints = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  const bytes = new Map<string, number>()
  let next = 0x100
  for (let byte = 0; byte < 0x100; byte++) bytes.set(String.fromCodePoint(prints(byte) ? byte : next++), byte)
  return bytes
})()

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of a byte-level token, or null where its bytes are not whole characters. */
export function decodeByteLevel(stored: string): string | null {
  const bytes: number[] = []
  for (const character of stored) {
    const byte = byteOfCharacter.get(character)
    // Characters outside the alphabet occur in tokens that were added without being listed as such.
    if (byte === undefined) return stored
    bytes.push(byte)
  }
  try {
    return utf8.decode(Uint8Array.from(bytes))
  } catch {
    return null
  }
}
