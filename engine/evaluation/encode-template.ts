/**
 * A template with an example in it, as token ids. Text between slots is tokenised piece by piece; a space that
 * only separates a piece from a following slot is dropped, since masks and prompt vectors stand for a token with
 * its space.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Question } from '#engine/language-model/batches.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import type { Tokenizer } from '#engine/models/tokenizer.ts'
import type { Template, TemplatePart } from './template.ts'

/** Special tokens that a tokenizer puts around one sequence. */
type Frame = { readonly before: readonly number[]; readonly after: readonly number[] }

/** Fills the template with an input and encodes it for one model; see {@link templateEncoder}. */
export type TemplateEncoder = (input: string) => Question

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

/** The template with the input filled in: text runs without the white space before slots, and slots. */
function fillTemplate(template: Template, input: string): Exclude<TemplatePart, { kind: 'input' }>[] {
  const filled: Exclude<TemplatePart, { kind: 'input' }>[] = []
  let text = ''
  const endText = () => {
    if (text.trim() !== '') filled.push({ kind: 'text', text: text.trimEnd() })
    text = ''
  }
  for (const part of template.parts) {
    if (part.kind === 'text') text += part.text
    else if (part.kind === 'input') text += input
    else {
      endText()
      filled.push(part)
    }
  }
  endText()
  return filled
}

/** How a model is asked at a place of its input, or null where it is asked for the next token. */
type Asked = {
  /** The token that stands in the place of the mask. */
  readonly token: number
  /** What the decoder of an encoder-decoder is given; the answer follows. */
  readonly decoderIds?: readonly number[]
}

/** The first sentinel of T5, and of mT5, whose vocabulary marks it as the start of a word. */
const sentinels = ['<extra_id_0>', '▁<extra_id_0>']

/**
 * BART is asked for the first token that it gives for a text with its mask; T5 for the one that its decoder gives after
 * the sentinel that stands in the place of the mask (span corruption, its pretraining).
 */
function askEncoderDecoder({ tokenizer, decoderStart }: AskedModel): Asked {
  const { mask } = tokenizer.special
  const sentinel = sentinels.map(tokenizer.idOf).find((id) => id !== undefined)
  if (decoderStart.length === 0) {
    throw new AnchorageError(
      'unsupported',
      'The settings of an encoder-decoder do not say how its answers begin.',
      {
        found: 'no decoder_start_token_id in config.json',
        expected: 'its id, as save_pretrained writes it',
        next: 'Add the decoder_start_token_id of the model to its config.json.'
      }
    )
  }
  if (mask !== null) return { token: mask.id, decoderIds: decoderStart }
  if (sentinel !== undefined) return { token: sentinel, decoderIds: [...decoderStart, sentinel] }
  throw new AnchorageError('unsupported', 'The tokenizer of an encoder-decoder has nothing to ask with.', {
    found: 'neither a mask token nor T5’s <extra_id_0>',
    expected: 'a model that was pretrained to fill in text: T5, mT5, BART, mBART',
    next: 'Evaluate on another model: prompts of this one can be transferred there.'
  })
}

/** @throws `unsupported` for a model whose tokenizer names no token to ask with */
function askedOf(model: AskedModel): Asked | null {
  const { mask } = model.tokenizer.special
  switch (model.kind) {
    case 'causal':
      return null
    case 'encoder-decoder':
      return askEncoderDecoder(model)
    case 'masked':
      if (mask !== null) return { token: mask.id }
  }
  throw new AnchorageError('unsupported', 'The tokenizer of a masked language model names no mask token.', {
    found: 'no mask_token in tokenizer_config.json',
    expected: 'its name, such as [MASK] or <mask>',
    next: 'Save the tokenizer again with tokenizer.save_pretrained(folder).'
  })
}

/** What decides how a template is encoded. */
export type AskedModel = Pick<LanguageModel, 'kind' | 'tokenizer' | 'decoderStart'>

/**
 * Prepares a template for a model. Masked models are asked at the mask (cloze); causal models are asked for the next
 * token: at the last token before the mask, and what stands after it is not seen by them. Encoder-decoders have the whole
 * text in the encoder's input and are asked for what the decoder gives at the mask.
 */
export function templateEncoder(template: Template, model: AskedModel): TemplateEncoder {
  const { tokenizer } = model
  const frame = specialFrame(tokenizer)
  const asked = askedOf(model)
  return (input) => {
    const ids = [...frame.before]
    let answerPosition = -1
    for (const part of fillTemplate(template, input)) {
      const isFirst = ids.length === frame.before.length
      const encode = isFirst ? tokenizer.encode : tokenizer.encodeContinuation
      if (part.kind === 'text') ids.push(...encode(part.text))
      else if (part.kind === 'vector') ids.push(-1 - part.index)
      else if (asked === null) return nextTokenQuestion(ids, template)
      else answerPosition = ids.push(asked.token) - 1
    }
    const whole = [...ids, ...frame.after]
    const decoderIds = asked?.decoderIds
    return decoderIds === undefined
      ? { ids: whole, answerPosition }
      : { ids: whole, answerPosition: decoderIds.length - 1, decoderIds }
  }
}

function nextTokenQuestion(ids: readonly number[], template: Template): Question {
  if (ids.length > 0) return { ids, answerPosition: ids.length - 1 }
  throw new AnchorageError('bad-argument', 'A next-token model needs something before the mask.', {
    where: template.source,
    expected: 'input, text or prompt vectors before [MASK]',
    next: 'Use a template that ends with the mask.'
  })
}
