/** MPNet (`modeling_mpnet.py`): RoBERTa's positions and head, with a bias for relative positions beside them. */
import { z } from 'zod'
import { architecture } from '../architecture.ts'
import { activation } from '../layers/activations.ts'
import { selfAttention } from '../layers/attention.ts'
import { embedding, positionEmbedding } from '../layers/embeddings.ts'
import { feedForward } from '../layers/encoder.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { t5PositionBias } from '../layers/relative-positions.ts'
import { seesAll } from '../layers/visibility.ts'
import { size } from '../settings.ts'
import { robertaHead } from './roberta.ts'

/** The row of the position table after that of padding, whatever token pads. */
const firstPosition = 2

export const mpnet = architecture(
  z.object({
    vocab_size: size.default(30_527),
    hidden_size: size.default(768),
    num_hidden_layers: size.default(12),
    num_attention_heads: size.default(12),
    intermediate_size: size.default(3072),
    hidden_act: activation('gelu'),
    max_position_embeddings: size.default(512),
    layer_norm_eps: z.number().default(1e-12),
    // Positions are counted to 32 buckets whatever the table has.
    relative_attention_num_buckets: z.literal(32, { error: '32' }).default(32),
    tie_word_embeddings: z.boolean().default(true)
  }),
  (settings, model) => {
    const { vocab_size: rows, hidden_size: width, num_attention_heads: heads } = settings
    const norm = { width, epsilon: settings.layer_norm_eps }
    const ids = model.tokenInput('input_ids')
    const prefix = 'mpnet.embeddings'
    const words = embedding(model, ids, `${prefix}.word_embeddings.weight`, { rows, width })
    const positions = positionEmbedding(model, ids, `${prefix}.position_embeddings.weight`, {
      rows: settings.max_position_embeddings,
      width,
      first: firstPosition
    })
    const buckets = { count: settings.relative_attention_num_buckets, furthest: 128, isBothWays: true }
    const relative = t5PositionBias(model, 'mpnet.encoder.relative_attention_bias.weight', heads, buckets)
    const biases = [relative, seesAll(model)]
    let x = layerNorm(model, model.node('Add', [words, positions]), `${prefix}.LayerNorm`, norm)
    for (let layer = 0; layer < settings.num_hidden_layers; layer++) {
      const name = `mpnet.encoder.layer.${layer}`
      const [query, key, value, output] = ['q', 'k', 'v', 'o'].map((part) => `${name}.attention.attn.${part}`)
      const attended = selfAttention(model, x, { query, key, value, output }, { width, heads, biases })
      const middle = layerNorm(model, model.node('Add', [attended, x]), `${name}.attention.LayerNorm`, norm)
      x = feedForward(model, middle, name, settings)
    }
    const tiedTo = settings.tie_word_embeddings ? `${prefix}.word_embeddings` : undefined
    return robertaHead(model, x, { rows, norm, tiedTo })
  }
)
