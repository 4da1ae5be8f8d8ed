/**
 * Gemma 1, 2 and 3 (`modeling_gemma.py`, `modeling_gemma2.py`, `modeling_gemma3.py`): LLaMA's parts with embeddings
 * multiplied by √width, norms that store the difference from 1, and from Gemma 2 on a norm after each part too.
 */
import { z } from 'zod'
import { times } from '#engine/onnx/expansions/words.ts'
import { architecture } from '../architecture.ts'
import { type ActivationName, activation } from '../layers/activations.ts'
import { type DecoderAttention, decoderAttention, gatedMlp } from '../layers/decoder.ts'
import { embedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { rmsNorm } from '../layers/normalisations.ts'
import { type RotaryAngles, rotaryAngles } from '../layers/rotary.ts'
import { layerTypes, rotaryByLayerType, rotaryOf, rotarySettings } from '../layers/rotary-settings.ts'
import { seesBefore } from '../layers/visibility.ts'
import type { ModelWriter } from '../model-writer.ts'
import { off, only, size } from '../settings.ts'

/** Sizes are those that Gemma 2 and 3 have by default. */
const common = {
  vocab_size: size.default(256_000),
  hidden_size: size.default(2304),
  intermediate_size: size.default(9216),
  num_hidden_layers: size.default(26),
  num_attention_heads: size.default(8),
  num_key_value_heads: size.default(4),
  head_dim: size.default(256),
  rms_norm_eps: z.number().default(1e-6),
  attention_bias: z.boolean().default(false),
  use_bidirectional_attention: off,
  tie_word_embeddings: z.boolean().default(true)
}

type Common = {
  readonly vocab_size: number
  readonly hidden_size: number
  readonly intermediate_size: number
  readonly num_hidden_layers: number
  readonly num_attention_heads: number
  readonly num_key_value_heads: number
  readonly head_dim: number
  readonly rms_norm_eps: number
  readonly attention_bias: boolean
  readonly tie_word_embeddings: boolean
}

type Differences = {
  readonly act: ActivationName
  /** Whether a norm follows each part too. */
  readonly normsAfter: boolean
  readonly angles: (layer: number) => RotaryAngles
  readonly window?: (layer: number) => number | undefined
  readonly normalisesHeads?: boolean
  /** The factor of the scores is 1/√ of it. */
  readonly scaleBy?: number
  readonly softcap?: number
  /** Logits are c · tanh(logit / c); 0 for no cap. */
  readonly finalSoftcap?: number
}

function writeGemma(model: ModelWriter, settings: Common, differences: Differences): string {
  const { hidden_size: width, vocab_size: rows, head_dim: headWidth, attention_bias: bias } = settings
  const { act, normsAfter, scaleBy = headWidth, finalSoftcap = 0 } = differences
  const norm = (x: string, name: string, over = width) =>
    rmsNorm(model, x, name, { width: over, epsilon: settings.rms_norm_eps, offset: 1 })
  const after = (x: string, name: string) => (normsAfter ? norm(x, name) : x)
  const beforeMlp = normsAfter ? 'pre_feedforward_layernorm' : 'post_attention_layernorm'
  const words = embedding(model, model.tokenInput('input_ids'), 'model.embed_tokens.weight', { rows, width })
  let x = times(model, words, Math.sqrt(width))
  for (let layer = 0; layer < settings.num_hidden_layers; layer++) {
    const name = `model.layers.${layer}`
    const attention: DecoderAttention = {
      width,
      heads: settings.num_attention_heads,
      keyHeads: settings.num_key_value_heads,
      headWidth,
      biases: { projections: bias, output: bias },
      scale: 1 / Math.sqrt(scaleBy),
      softcap: differences.softcap ?? 0,
      angles: differences.angles(layer),
      visible: seesBefore(model, differences.window?.(layer)),
      ...(differences.normalisesHeads === true ? { norm: { of: 'heads', by: norm } } : {})
    }
    const attended = decoderAttention(
      model,
      norm(x, `${name}.input_layernorm`),
      `${name}.self_attn`,
      attention
    )
    const middle = model.node('Add', [x, after(attended, `${name}.post_attention_layernorm`)])
    const fed = gatedMlp(model, norm(middle, `${name}.${beforeMlp}`), `${name}.mlp`, {
      width,
      inner: settings.intermediate_size,
      act
    })
    x = model.node('Add', [middle, after(fed, `${name}.post_feedforward_layernorm`)])
  }
  const logits = vocabularyHead(model, norm(x, 'model.norm'), {
    vocabulary: rows,
    width,
    tiedTo: settings.tie_word_embeddings ? 'model.embed_tokens' : undefined,
    own: 'lm_head'
  })
  if (finalSoftcap === 0) return logits
  return times(model, model.node('Tanh', [times(model, logits, 1 / finalSoftcap)]), finalSoftcap)
}

export const gemma = architecture(
  z.object({
    ...common,
    ...rotarySettings,
    hidden_size: size.default(3072),
    intermediate_size: size.default(24_576),
    num_hidden_layers: size.default(28),
    num_attention_heads: size.default(16),
    num_key_value_heads: size.default(16),
    hidden_act: activation('gelu_pytorch_tanh')
  }),
  (settings, model) => {
    const angles = rotaryAngles(model, rotaryOf(settings), settings.head_dim)
    // The first releases say `gelu` and mean the other.
    const act = settings.hidden_act === 'gelu' ? 'gelu_pytorch_tanh' : settings.hidden_act
    return writeGemma(model, settings, { act, normsAfter: false, angles: () => angles })
  }
)

const later = {
  ...common,
  hidden_activation: activation('gelu_pytorch_tanh'),
  query_pre_attn_scalar: z.number().positive().default(256),
  sliding_window: size.nullable().default(4096),
  layer_types: layerTypes,
  final_logit_softcapping: z.number().positive().nullish()
}

export const gemma2 = architecture(
  z.object({
    ...later,
    ...rotarySettings,
    final_logit_softcapping: z.number().positive().nullable().default(30),
    attn_logit_softcapping: z.number().positive().nullable().default(50)
  }),
  (settings, model) => {
    const angles = rotaryAngles(model, rotaryOf(settings), settings.head_dim)
    const isNear = (layer: number) =>
      settings.layer_types ? settings.layer_types[layer] === 'sliding_attention' : layer % 2 === 0
    return writeGemma(model, settings, {
      act: settings.hidden_activation,
      normsAfter: true,
      angles: () => angles,
      window: (layer) => (isNear(layer) ? (settings.sliding_window ?? undefined) : undefined),
      scaleBy: settings.query_pre_attn_scalar,
      softcap: settings.attn_logit_softcapping ?? 0,
      finalSoftcap: settings.final_logit_softcapping ?? 0
    })
  }
)

export const gemma3 = architecture(
  z.object({
    ...later,
    ...rotaryByLayerType,
    vocab_size: size.default(262_208),
    max_position_embeddings: size.default(131_072),
    attn_logit_softcapping: only(0),
    sliding_window_pattern: size.default(6),
    rope_local_base_freq: z.number().default(10_000)
  }),
  (settings, model) => {
    const { rope_parameters: byType, rope_scaling, rope_theta, rope_local_base_freq, ...others } = settings
    const far = rotaryOf(
      { ...others, rope_theta, rope_parameters: byType?.full_attention, rope_scaling },
      { theta: 1_000_000 }
    )
    const near = rotaryOf(
      { ...others, rope_parameters: byType?.sliding_attention },
      { theta: rope_local_base_freq }
    )
    const angles = {
      far: rotaryAngles(model, far, settings.head_dim),
      near: rotaryAngles(model, near, settings.head_dim)
    }
    const isNear = (layer: number) =>
      settings.layer_types
        ? settings.layer_types[layer] === 'sliding_attention'
        : (layer + 1) % settings.sliding_window_pattern !== 0
    return writeGemma(model, settings, {
      act: settings.hidden_activation,
      normsAfter: true,
      angles: (layer) => (isNear(layer) ? angles.near : angles.far),
      window: (layer) => (isNear(layer) ? (settings.sliding_window ?? undefined) : undefined),
      normalisesHeads: true,
      scaleBy: settings.query_pre_attn_scalar,
      finalSoftcap: settings.final_logit_softcapping ?? 0
    })
  }
)
