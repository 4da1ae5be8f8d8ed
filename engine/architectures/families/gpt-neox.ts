/** GPT-NeoX and Pythia (`modeling_gpt_neox.py`): a share of each head is turned; MLP beside or after the attention. */
import { z } from 'zod'
import { rotate } from '#engine/onnx/expansions/rotary.ts'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { attendHeads } from '../layers/attention.ts'
import { embedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { packedHeads } from '../layers/packed-heads.ts'
import { rotaryAngles } from '../layers/rotary.ts'
import { rotaryOf, rotarySettings } from '../layers/rotary-settings.ts'
import { seesBefore } from '../layers/visibility.ts'
import { size } from '../settings.ts'

export const gptNeox = architecture(
  z.object({
    ...rotarySettings,
    vocab_size: size.default(50_432),
    hidden_size: size.default(6144),
    intermediate_size: size.default(24_576),
    num_hidden_layers: size.default(44),
    num_attention_heads: size.default(64),
    hidden_act: activation('gelu'),
    layer_norm_eps: z.number().default(1e-5),
    rotary_pct: z.number().default(0.25),
    rotary_emb_base: z.number().default(10_000),
    use_parallel_residual: z.boolean().default(true),
    attention_bias: z.boolean().default(true),
    tie_word_embeddings: z.boolean().default(false)
  }),
  (settings, model) => {
    const {
      hidden_size: width,
      num_attention_heads: heads,
      vocab_size: rows,
      attention_bias: bias
    } = settings
    const { intermediate_size: inner, hidden_act: act } = settings
    const headWidth = width / heads
    const norm = (x: string, name: string) =>
      layerNorm(model, x, name, { width, epsilon: settings.layer_norm_eps })
    const preset = { theta: settings.rotary_emb_base, share: settings.rotary_pct }
    const angles = rotaryAngles(model, rotaryOf(settings, preset), headWidth)
    let x = embedding(model, model.tokenInput('input_ids'), 'gpt_neox.embed_in.weight', { rows, width })
    for (let layer = 0; layer < settings.num_hidden_layers; layer++) {
      const name = `gpt_neox.layers.${layer}`
      const normed = norm(x, `${name}.input_layernorm`)
      const heads3 = packedHeads(model, normed, `${name}.attention.query_key_value`, { width, heads, bias })
      const turned = {
        query: rotate(model, heads3.query, angles, angles.width),
        key: rotate(model, heads3.key, angles, angles.width),
        value: heads3.value
      }
      const mixed = attendHeads(model, turned, { heads, headWidth }, [seesBefore(model)])
      const square = { inputs: width, outputs: width, bias }
      const attended = linear(model, mixed, `${name}.attention.dense`, square)
      const middle = model.node('Add', [x, attended])
      const second = norm(settings.use_parallel_residual ? x : middle, `${name}.post_attention_layernorm`)
      const raised = linear(model, second, `${name}.mlp.dense_h_to_4h`, { inputs: width, outputs: inner })
      const fed = linear(model, activate(model, act, raised), `${name}.mlp.dense_4h_to_h`, {
        inputs: inner,
        outputs: width
      })
      x = model.node('Add', [middle, fed])
    }
    return vocabularyHead(model, norm(x, 'gpt_neox.final_layer_norm'), {
      vocabulary: rows,
      width,
      tiedTo: settings.tie_word_embeddings ? 'gpt_neox.embed_in' : undefined,
      own: 'embed_out'
    })
  }
)
