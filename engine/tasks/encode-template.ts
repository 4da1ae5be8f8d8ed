/**
 * A template with an example in it, as token ids. Text between slots is tokenised piece by piece; a space that
 * only separates a piece from a following slot is dropped, since masks and prompt vectors stand for a token with
 * its space. Prompt vector `i` is written as id `−1 − i` until the batch knows the model's virtual token ids.
 */
import { AnchorageError } from '../contract/errors.ts'
import type { Tokenizer } from '../models/tokenizer.ts'
import type { Template } from './template.ts'

export type EncodedTemplate = {
  readonly ids: readonly number[]
  /** The position whose logits answer: the mask itself, or for a next-token model the last token before it. */
  readonly answerPosition: number
}

/** Special tokens that a tokenizer puts around one sequence. */
type Frame = { readonly before: readonly number[]; readonly after: readonly number[] }

/** Encodes one template for one model; see {@link templateEncoder}. */
export type TemplateEncoder = (input: string) => EncodedTemplate

function specialFrame(tokenizer: Tokenizer): Frame {
  const plain = tokenizer.encode('a')
  const framed = tokenizer.encodeWithSpecials('a')
  const start = framed.findIndex((_, index) => plain.every((id, offset) => framed[index + offset] === id))
  if (start < 0) {
    throw new AnchorageError('unsupported', 'The special tokens around a sequence could not be told apart.', {
      found: `"a" alone is [${plain}], with special tokens [${framed}]`,
      expected: 'the tokens of "a" with special tokens before and after',
      next: 'Check the post-processor in tokenizer.json.'
    })
  }
  return { before: framed.slice(0, start), after: framed.slice(start + plain.length) }
}

/** The template as text pieces (input filled in) and slots, without the white space before slots. */
function piecesOf(template: Template, input: string): (string | { vector: number } | 'mask')[] {
  const pieces: (string | { vector: number } | 'mask')[] = []
  let text = ''
  const endText = () => {
    if (text.trim() !== '') pieces.push(text.trimEnd())
    text = ''
  }
  for (const part of template.parts) {
    switch (part.kind) {
      case 'text':
        text += part.text
        break
      case 'input':
        text += input
        break
      case 'vector':
        endText()
        pieces.push({ vector: part.index })
        break
      case 'mask':
        endText()
        pieces.push('mask')
        break
    }
  }
  endText()
  return pieces
}

/**
 * Prepares a template for a tokenizer. Models with a mask token are asked at the mask (cloze); models without one
 * are asked for the next token, so what stands after the mask is not seen by them.
 */
export function templateEncoder(template: Template, tokenizer: Tokenizer): TemplateEncoder {
  const frame = specialFrame(tokenizer)
  const mask = tokenizer.special.mask
  return (input) => {
    const ids = [...frame.before]
    let answerPosition = -1
    for (const piece of piecesOf(template, input)) {
      if (typeof piece === 'string') ids.push(...tokenizer.encode(piece))
      else if (piece !== 'mask') ids.push(-1 - piece.vector)
      else if (mask !== null) answerPosition = ids.push(mask.id) - 1
      else return nextTokenTemplate(ids, template)
    }
    return { ids: [...ids, ...frame.after], answerPosition }
  }
}

function nextTokenTemplate(ids: readonly number[], template: Template): EncodedTemplate {
  if (ids.length > 0) return { ids, answerPosition: ids.length - 1 }
  throw new AnchorageError('bad-argument', 'A next-token model needs something before the mask.', {
    where: template.source,
    expected: 'input, text or prompt vectors before [MASK]',
    next: 'Use a template that ends with the mask.'
  })
}
