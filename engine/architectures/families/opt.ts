/** OPT (`modeling_opt.py`): learned positions, norms before each part (after it in OPT-350m), perhaps narrower words. */
import { z } from 'zod'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { decoderAttention } from '../layers/decoder.ts'
import { embedding, positionEmbedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { seesBefore } from '../layers/visibility.ts'
import { only, size } from '../settings.ts'

/** The rows of the position table before that of the first position. */
const firstPosition = 2

export const opt = architecture(
  z.object({
    vocab_size: size.default(50_272),
    hidden_size: size.default(768),
    num_hidden_layers: size.default(12),
    num_attention_heads: size.default(12),
    ffn_dim: size.default(3072),
    max_position_embeddings: size.default(2048),
    do_layer_norm_before: z.boolean().default(true),
    _remove_final_layer_norm: z.boolean().default(false),
    word_embed_proj_dim: size.nullish(),
    activation_function: activation('relu'),
    enable_bias: z.boolean().default(true),
    layer_norm_elementwise_affine: z.literal(true, { error: 'true' }).default(true),
    tie_word_embeddings: z.boolean().default(true),
    position_embedding_type: only('absolute')
  }),
  (settings, model) => {
    const { hidden_size: width, num_attention_heads: heads, vocab_size: rows, ffn_dim: inner } = settings
    const { enable_bias: bias, do_layer_norm_before: isBefore } = settings
    const narrow = settings.word_embed_proj_dim ?? width
    const decoder = 'model.decoder'
    const norm = (x: string, name: string) => layerNorm(model, x, name, { width, epsilon: 1e-5 })
    const [before, after] = isBefore ? [norm, (x: string) => x] : [(x: string) => x, norm]
    const project = (x: string, name: string, inputs: number, outputs: number) =>
      narrow === width ? x : linear(model, x, `${decoder}.${name}`, { inputs, outputs, bias: false })
    const ids = model.tokenInput('input_ids')
    const words = embedding(model, ids, `${decoder}.embed_tokens.weight`, { rows, width: narrow })
    const positions = positionEmbedding(model, ids, `${decoder}.embed_positions.weight`, {
      rows: settings.max_position_embeddings + firstPosition,
      width,
      first: firstPosition
    })
    let x = model.node('Add', [project(words, 'project_in', narrow, width), positions])
    for (let layer = 0; layer < settings.num_hidden_layers; layer++) {
      const name = `${decoder}.layers.${layer}`
      const [attentionNorm, finalNorm] = [`${name}.self_attn_layer_norm`, `${name}.final_layer_norm`]
      const attended = decoderAttention(model, before(x, attentionNorm), `${name}.self_attn`, {
        width,
        heads,
        keyHeads: heads,
        headWidth: width / heads,
        biases: { projections: bias, output: bias },
        output: 'out_proj',
        angles: undefined,
        visible: seesBefore(model)
      })
      const middle = after(model.node('Add', [x, attended]), attentionNorm)
      const raised = linear(model, before(middle, finalNorm), `${name}.fc1`, {
        inputs: width,
        outputs: inner,
        bias
      })
      const fed = linear(model, activate(model, settings.activation_function, raised), `${name}.fc2`, {
        inputs: inner,
        outputs: width,
        bias
      })
      x = after(model.node('Add', [middle, fed]), finalNorm)
    }
    const last = isBefore && !settings._remove_final_layer_norm ? norm(x, `${decoder}.final_layer_norm`) : x
    return vocabularyHead(model, project(last, 'project_out', width, narrow), {
      vocabulary: rows,
      width: narrow,
      tiedTo: settings.tie_word_embeddings ? `${decoder}.embed_tokens` : undefined,
      own: 'lm_head'
    })
  }
)
