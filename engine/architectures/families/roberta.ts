/** RoBERTa (`modeling_roberta.py`), and XLM-RoBERTa and CamemBERT, which are RoBERTa with other vocabularies. */
import { z } from 'zod'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { embedding, positionEmbedding } from '../layers/embeddings.ts'
import { encoder } from '../layers/encoder.ts'
import { requireHead, vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { seesAll } from '../layers/visibility.ts'
import type { ModelWriter } from '../model-writer.ts'
import { off, only, size } from '../settings.ts'

export const roberta = architecture(
  z.object({
    vocab_size: size.default(50_265),
    hidden_size: size.default(768),
    num_hidden_layers: size.default(12),
    num_attention_heads: size.default(12),
    intermediate_size: size.default(3072),
    hidden_act: activation('gelu'),
    max_position_embeddings: size.default(512),
    type_vocab_size: z.int().nonnegative().default(2),
    layer_norm_eps: z.number().default(1e-12),
    pad_token_id: z.int().nonnegative().default(1),
    position_embedding_type: only('absolute'),
    is_decoder: off,
    tie_word_embeddings: z.boolean().default(true)
  }),
  (settings, model) => {
    const { vocab_size: rows, hidden_size: width } = settings
    const ids = model.tokenInput('input_ids')
    const prefix = 'roberta.embeddings'
    const words = embedding(model, ids, `${prefix}.word_embeddings.weight`, { rows, width })
    const positions = positionEmbedding(model, ids, `${prefix}.position_embeddings.weight`, {
      rows: settings.max_position_embeddings,
      width,
      // The rows up to that of padding are no positions.
      first: settings.pad_token_id + 1
    })
    const placed = model.node('Add', [words, positions])
    const sum = settings.type_vocab_size > 0 ? withType(model, placed, settings) : placed
    const norm = { width, epsilon: settings.layer_norm_eps }
    const embedded = layerNorm(model, sum, `${prefix}.LayerNorm`, norm)
    const encoded = encoder(model, embedded, 'roberta.encoder.layer', settings, [seesAll(model)])
    return robertaHead(model, encoded, {
      rows,
      norm,
      tiedTo: settings.tie_word_embeddings ? `${prefix}.word_embeddings` : undefined
    })
  }
)

/** Every token has the first of the token types. */
function withType(
  model: ModelWriter,
  x: string,
  { type_vocab_size: rows, hidden_size: width }: { type_vocab_size: number; hidden_size: number }
): string {
  const name = 'roberta.embeddings.token_type_embeddings.weight'
  return model.node('Add', [x, embedding(model, model.integer(0), name, { rows, width })])
}

/** `lm_head`: dense layer, GELU whatever the layers have, normalisation, words; MPNet has the same. */
export function robertaHead(
  model: ModelWriter,
  x: string,
  {
    rows,
    norm,
    tiedTo
  }: { rows: number; norm: { width: number; epsilon: number }; tiedTo: string | undefined }
): string {
  const { width } = norm
  const name = requireHead(model, 'lm_head')
  const dense = linear(model, x, `${name}.dense`, { inputs: width, outputs: width })
  const transformed = layerNorm(model, activate(model, 'gelu', dense), `${name}.layer_norm`, norm)
  const head = { vocabulary: rows, width, tiedTo, own: 'lm_head.decoder', bias: 'lm_head.bias' }
  return vocabularyHead(model, transformed, head)
}
