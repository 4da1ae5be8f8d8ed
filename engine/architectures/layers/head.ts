/** The head that asks for words: products with their table, or with a matrix of its own. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { transposeMatrix } from '#engine/onnx/gradients/emit-shapes.ts'
import { asFloat32, type ModelWriter } from '../model-writer.ts'

/** That a model can't be asked for words. @param found what shows it */
export function noHead(found: string): AnchorageError {
  return new AnchorageError('unsupported', 'The model has no head for words.', {
    found,
    expected: 'a masked or causal language model with its head',
    next: 'Its table can give and take prompts; to query it, use the model that it was made from.'
  })
}

/**
 * The name of a part of the head, when the checkpoint has its dense layer.
 * @throws AnchorageError `unsupported` for a model without a head for words, such as a sentence encoder
 */
export function requireHead(model: ModelWriter, name: string): string {
  if (model.hasWeight(`${name}.dense.weight`)) return name
  throw noHead(`weights without ${name}.dense.weight`)
}

export type HeadSettings = {
  readonly vocabulary: number
  readonly width: number
  /** Name of the word-embedding table without `.weight`, where the head is tied to it. */
  readonly tiedTo: string | undefined
  /** Name of the head's own matrix without `.weight`, where it is not tied. */
  readonly own: string
  /** Name of the bias `[V]`, where there is one. */
  readonly bias?: string
}

/** Logits `[.., V]`: products with the table of words or with a matrix of their own. */
export function vocabularyHead(model: ModelWriter, x: string, settings: HeadSettings): string {
  const { vocabulary, width, tiedTo, own, bias } = settings
  if (tiedTo === undefined && !model.hasWeight(`${own}.weight`)) throw noHead(`weights without ${own}.weight`)
  const matrix =
    tiedTo === undefined
      ? model.matrix(`${own}.weight`, width, vocabulary)
      : transposeMatrix(model, asFloat32(model, model.table(`${tiedTo}.weight`, vocabulary, width)))
  const product = model.node('MatMul', [x, matrix])
  return bias === undefined ? product : model.node('Add', [product, model.weight(bias, [vocabulary], 'zero')])
}
