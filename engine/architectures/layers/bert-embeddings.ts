/** The embeddings of BERT, which ALBERT and ELECTRA have in a width of their own. */
import type { ModelWriter } from '../model-writer.ts'
import { embedding, positionEmbedding } from './embeddings.ts'
import { layerNorm } from './normalisations.ts'

export type BertEmbeddings = {
  readonly vocabulary: number
  readonly width: number
  readonly positions: number
  readonly types: number
  readonly epsilon: number
}

/**
 * Normalised sums of words, positions and token types: `[batch, sequence, width]`.
 * @param name `bert.embeddings`
 */
export function bertEmbeddings(
  model: ModelWriter,
  name: string,
  { vocabulary, width, positions, types, epsilon }: BertEmbeddings
): string {
  const ids = model.tokenInput('input_ids')
  const words = embedding(model, ids, `${name}.word_embeddings.weight`, { rows: vocabulary, width })
  const placed = positionEmbedding(model, ids, `${name}.position_embeddings.weight`, {
    rows: positions,
    width
  })
  const sum = model.node('Add', [words, placed])
  const typeIds = model.tokenInput('token_type_ids')
  const typed = embedding(model, typeIds, `${name}.token_type_embeddings.weight`, { rows: types, width })
  return layerNorm(model, model.node('Add', [sum, typed]), `${name}.LayerNorm`, { width, epsilon })
}
