/** Phi 1, 1.5 and 2 (`modeling_phi.py`): attention and MLP side by side, biases everywhere, the head's too. */
import { z } from 'zod'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { type DecoderAttention, decoderAttention } from '../layers/decoder.ts'
import { embedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { rotaryAngles } from '../layers/rotary.ts'
import { rotaryOf, rotarySettings } from '../layers/rotary-settings.ts'
import { seesBefore } from '../layers/visibility.ts'
import { size } from '../settings.ts'

/** What is normalised in heads is called so by this family alone. */
const normNames: Readonly<Record<string, string>> = { q_norm: 'q_layernorm', k_norm: 'k_layernorm' }

export const phi = architecture(
  z.object({
    ...rotarySettings,
    vocab_size: size.default(51_200),
    hidden_size: size.default(2048),
    intermediate_size: size.default(8192),
    num_hidden_layers: size.default(24),
    num_attention_heads: size.default(32),
    num_key_value_heads: size.nullish(),
    hidden_act: activation('gelu_new'),
    layer_norm_eps: z.number().default(1e-5),
    qk_layernorm: z.boolean().default(false),
    tie_word_embeddings: z.boolean().default(false)
  }),
  (settings, model) => {
    const { hidden_size: width, num_attention_heads: heads, vocab_size: rows } = settings
    const { intermediate_size: inner } = settings
    const headWidth = width / heads
    const norm = (x: string, name: string, over = width) =>
      layerNorm(model, x, name, { width: over, epsilon: settings.layer_norm_eps })
    const headNorm: NonNullable<DecoderAttention['norm']>['by'] = (x, name, over) =>
      norm(
        x,
        name.replace(/[qk]_norm$/, (part) => normNames[part]),
        over
      )
    const angles = rotaryAngles(model, rotaryOf(settings, { share: 0.5 }), headWidth)
    let x = embedding(model, model.tokenInput('input_ids'), 'model.embed_tokens.weight', { rows, width })
    for (let layer = 0; layer < settings.num_hidden_layers; layer++) {
      const name = `model.layers.${layer}`
      const normed = norm(x, `${name}.input_layernorm`)
      const attended = decoderAttention(model, normed, `${name}.self_attn`, {
        width,
        heads,
        keyHeads: settings.num_key_value_heads ?? heads,
        headWidth,
        biases: { projections: true, output: true },
        output: 'dense',
        angles,
        visible: seesBefore(model),
        ...(settings.qk_layernorm ? { norm: { of: 'heads', by: headNorm } } : {})
      })
      const raised = linear(model, normed, `${name}.mlp.fc1`, { inputs: width, outputs: inner })
      const fed = linear(model, activate(model, settings.hidden_act, raised), `${name}.mlp.fc2`, {
        inputs: inner,
        outputs: width
      })
      x = model.node('Add', [model.node('Add', [attended, fed]), x])
    }
    return vocabularyHead(model, norm(x, 'model.final_layernorm'), {
      vocabulary: rows,
      width,
      tiedTo: settings.tie_word_embeddings ? 'model.embed_tokens' : undefined,
      own: 'lm_head',
      bias: 'lm_head.bias'
    })
  }
)
