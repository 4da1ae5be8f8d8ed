/** DistilBERT (`modeling_distilbert.py`): BERT without token types, under names of its own. */
import { z } from 'zod'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { selfAttention } from '../layers/attention.ts'
import { embedding, positionEmbedding } from '../layers/embeddings.ts'
import { noHead, vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { seesAll } from '../layers/visibility.ts'
import { size } from '../settings.ts'

export const distilbert = architecture(
  z.object({
    vocab_size: size.default(30_522),
    max_position_embeddings: size.default(512),
    n_layers: size.default(6),
    n_heads: size.default(12),
    dim: size.default(768),
    hidden_dim: size.default(3072),
    activation: activation('gelu'),
    tie_word_embeddings: z.boolean().default(true)
  }),
  (settings, model) => {
    const { vocab_size: rows, dim: width, hidden_dim: inner, n_heads: heads, activation: act } = settings
    const norm = (x: string, name: string) => layerNorm(model, x, name, { width, epsilon: 1e-12 })
    const ids = model.tokenInput('input_ids')
    const prefix = 'distilbert.embeddings'
    const words = embedding(model, ids, `${prefix}.word_embeddings.weight`, { rows, width })
    const positions = positionEmbedding(model, ids, `${prefix}.position_embeddings.weight`, {
      rows: settings.max_position_embeddings,
      width
    })
    const biases = [seesAll(model)]
    let x = norm(model.node('Add', [words, positions]), `${prefix}.LayerNorm`)
    for (let layer = 0; layer < settings.n_layers; layer++) {
      const name = `distilbert.transformer.layer.${layer}`
      const [query, key, value, output] = ['q_lin', 'k_lin', 'v_lin', 'out_lin'].map(
        (part) => `${name}.attention.${part}`
      )
      const attended = selfAttention(model, x, { query, key, value, output }, { width, heads, biases })
      const middle = norm(model.node('Add', [attended, x]), `${name}.sa_layer_norm`)
      const raised = linear(model, middle, `${name}.ffn.lin1`, { inputs: width, outputs: inner })
      const lowered = linear(model, activate(model, act, raised), `${name}.ffn.lin2`, {
        inputs: inner,
        outputs: width
      })
      x = norm(model.node('Add', [lowered, middle]), `${name}.output_layer_norm`)
    }
    if (!model.hasWeight('vocab_transform.weight')) throw noHead('weights without vocab_transform.weight')
    const dense = linear(model, x, 'vocab_transform', { inputs: width, outputs: width })
    return vocabularyHead(model, norm(activate(model, act, dense), 'vocab_layer_norm'), {
      vocabulary: rows,
      width,
      tiedTo: settings.tie_word_embeddings ? `${prefix}.word_embeddings` : undefined,
      own: 'vocab_projector',
      bias: 'vocab_projector.bias'
    })
  }
)
