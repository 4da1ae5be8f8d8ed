/** OLMo 2 (`modeling_olmo2.py`): norms after each part, and of queries and keys as a whole. */
import { z } from 'zod'
import { architecture } from '../architecture.ts'
import { activation } from '../layers/activations.ts'
import { decoderAttention, gatedMlp } from '../layers/decoder.ts'
import { embedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { rmsNorm } from '../layers/normalisations.ts'
import { rotaryAngles } from '../layers/rotary.ts'
import { rotaryOf, rotarySettings } from '../layers/rotary-settings.ts'
import { seesBefore } from '../layers/visibility.ts'
import { size } from '../settings.ts'

export const olmo2 = architecture(
  z.object({
    ...rotarySettings,
    vocab_size: size.default(50_304),
    hidden_size: size.default(4096),
    intermediate_size: size.default(11_008),
    num_hidden_layers: size.default(32),
    num_attention_heads: size.default(32),
    num_key_value_heads: size.nullish(),
    head_dim: size.nullish(),
    hidden_act: activation('silu'),
    rms_norm_eps: z.number().default(1e-5),
    attention_bias: z.boolean().default(false),
    tie_word_embeddings: z.boolean().default(false)
  }),
  (settings, model) => {
    const {
      hidden_size: width,
      num_attention_heads: heads,
      vocab_size: rows,
      attention_bias: bias
    } = settings
    const headWidth = settings.head_dim ?? width / heads
    const norm = (x: string, name: string, over = width) =>
      rmsNorm(model, x, name, { width: over, epsilon: settings.rms_norm_eps })
    const angles = rotaryAngles(model, rotaryOf(settings), headWidth)
    let x = embedding(model, model.tokenInput('input_ids'), 'model.embed_tokens.weight', { rows, width })
    for (let layer = 0; layer < settings.num_hidden_layers; layer++) {
      const name = `model.layers.${layer}`
      const attended = decoderAttention(model, x, `${name}.self_attn`, {
        width,
        heads,
        keyHeads: settings.num_key_value_heads ?? heads,
        headWidth,
        biases: { projections: bias, output: bias },
        angles,
        visible: seesBefore(model),
        norm: { of: 'whole', by: norm }
      })
      const middle = model.node('Add', [x, norm(attended, `${name}.post_attention_layernorm`)])
      const mlp = { width, inner: settings.intermediate_size, act: settings.hidden_act }
      const fed = gatedMlp(model, middle, `${name}.mlp`, mlp)
      x = model.node('Add', [middle, norm(fed, `${name}.post_feedforward_layernorm`)])
    }
    return vocabularyHead(model, norm(x, 'model.norm'), {
      vocabulary: rows,
      width,
      tiedTo: settings.tie_word_embeddings ? 'model.embed_tokens' : undefined,
      own: 'lm_head'
    })
  }
)
