/** Phi 3 and 4 (`modeling_phi3.py`): LLaMA with one matrix for queries, keys and values and one for gate and up. */
import { z } from 'zod'
import { splitLast } from '#engine/onnx/expansions/heads.ts'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { attendTurned } from '../layers/decoder.ts'
import { embedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { rmsNorm } from '../layers/normalisations.ts'
import { rotaryAngles } from '../layers/rotary.ts'
import { type Rotary, rotaryOf, rotarySettings } from '../layers/rotary-settings.ts'
import { seesBefore } from '../layers/visibility.ts'
import { size } from '../settings.ts'

/** Early releases call their rotation `yarn`; it is that of LongRoPE. */
function asLongRotation(rotary: Rotary): Rotary {
  return rotary.kind === 'yarn' ? { ...rotary, kind: 'longrope' } : rotary
}

export const phi3 = architecture(
  z.object({
    ...rotarySettings,
    max_position_embeddings: size.default(4096),
    original_max_position_embeddings: size.nullable().default(4096),
    vocab_size: size.default(32_064),
    hidden_size: size.default(3072),
    intermediate_size: size.default(8192),
    num_hidden_layers: size.default(32),
    num_attention_heads: size.default(32),
    num_key_value_heads: size.nullish(),
    head_dim: size.nullish(),
    hidden_act: activation('silu'),
    rms_norm_eps: z.number().default(1e-5),
    sliding_window: size.nullish(),
    tie_word_embeddings: z.boolean().default(false)
  }),
  (settings, model) => {
    const { hidden_size: width, num_attention_heads: heads, vocab_size: rows } = settings
    const { intermediate_size: inner, hidden_act: act } = settings
    const headWidth = settings.head_dim ?? width / heads
    const keyHeads = settings.num_key_value_heads ?? heads
    const norm = (x: string, name: string) =>
      rmsNorm(model, x, name, { width, epsilon: settings.rms_norm_eps })
    const angles = rotaryAngles(model, asLongRotation(rotaryOf(settings)), headWidth)
    const widths = [heads * headWidth, keyHeads * headWidth, keyHeads * headWidth]
    const packedWidth = widths.reduce((sum, part) => sum + part, 0)
    let x = embedding(model, model.tokenInput('input_ids'), 'model.embed_tokens.weight', { rows, width })
    for (let layer = 0; layer < settings.num_hidden_layers; layer++) {
      const name = `model.layers.${layer}`
      const packed = linear(model, norm(x, `${name}.input_layernorm`), `${name}.self_attn.qkv_proj`, {
        inputs: width,
        outputs: packedWidth,
        bias: false
      })
      const [query, key, value] = splitLast(model, packed, widths)
      const attended = attendTurned(model, { query, key, value }, `${name}.self_attn`, {
        width,
        heads,
        keyHeads,
        headWidth,
        biases: { projections: false, output: false },
        angles,
        visible: seesBefore(model, settings.sliding_window ?? undefined)
      })
      const middle = model.node('Add', [x, attended])
      const raised = linear(
        model,
        norm(middle, `${name}.post_attention_layernorm`),
        `${name}.mlp.gate_up_proj`,
        {
          inputs: width,
          outputs: 2 * inner,
          bias: false
        }
      )
      const [gate, up] = splitLast(model, raised, [inner, inner])
      const gated = model.node('Mul', [up, activate(model, act, gate)])
      const sizes = { inputs: inner, outputs: width, bias: false }
      x = model.node('Add', [middle, linear(model, gated, `${name}.mlp.down_proj`, sizes)])
    }
    return vocabularyHead(model, norm(x, 'model.norm'), {
      vocabulary: rows,
      width,
      tiedTo: settings.tie_word_embeddings ? 'model.embed_tokens' : undefined,
      own: 'lm_head'
    })
  }
)
