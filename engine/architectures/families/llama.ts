/**
 * LLaMA (`modeling_llama.py`; SmolLM and many others have its model_type) and the decoders that differ from it in
 * biases, windows or norms alone: Mistral, Qwen 2 and 3, SmolLM 3.
 */
import { z } from 'zod'
import { architecture } from '../architecture.ts'
import { type ActivationName, activation } from '../layers/activations.ts'
import { type DecoderAttention, decoderAttention, gatedMlp } from '../layers/decoder.ts'
import { embedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { rmsNorm } from '../layers/normalisations.ts'
import { rotaryAngles } from '../layers/rotary.ts'
import { layerTypes, type Rotary, rotaryOf, rotarySettings } from '../layers/rotary-settings.ts'
import { seesBefore } from '../layers/visibility.ts'
import type { ModelWriter } from '../model-writer.ts'
import { only, size } from '../settings.ts'

type Sizes = { vocabulary: number; width: number; inner: number; layers: number; heads: number }

/** The settings of a decoder, with the sizes that the family's configuration class has by default. */
function decoder({ vocabulary, width, inner, layers, heads }: Sizes) {
  return {
    ...rotarySettings,
    vocab_size: size.default(vocabulary),
    hidden_size: size.default(width),
    intermediate_size: size.default(inner),
    num_hidden_layers: size.default(layers),
    num_attention_heads: size.default(heads),
    num_key_value_heads: size.nullish(),
    head_dim: size.nullish(),
    hidden_act: activation('silu'),
    rms_norm_eps: z.number().default(1e-6),
    tie_word_embeddings: z.boolean().default(false)
  }
}

const qwenSizes = { vocabulary: 151_936, width: 4096, inner: 22_016, layers: 32, heads: 32 }

type DecoderSettings = {
  readonly vocab_size: number
  readonly hidden_size: number
  readonly intermediate_size: number
  readonly num_hidden_layers: number
  readonly num_attention_heads: number
  readonly num_key_value_heads?: number | null | undefined
  readonly head_dim?: number | null | undefined
  readonly hidden_act: ActivationName
  readonly rms_norm_eps: number
  readonly tie_word_embeddings: boolean
}

type Differences = {
  readonly rotary: Rotary
  readonly biases?: DecoderAttention['biases']
  readonly mlpBias?: boolean
  /** Whether the heads of queries and keys are normalised (Qwen 3). */
  readonly normalisesHeads?: boolean
  /** Whether a layer turns its queries and keys. */
  readonly turns?: (layer: number) => boolean
  /** The last tokens that a layer sees; undefined where it sees all. */
  readonly window?: (layer: number) => number | undefined
}

/** The decoder: normalisation before each part, and one after the last layer. */
function writeDecoder(model: ModelWriter, settings: DecoderSettings, differences: Differences): string {
  const { hidden_size: width, num_attention_heads: heads, vocab_size: rows } = settings
  const { rotary, biases = { projections: false, output: false }, turns, window } = differences
  const headWidth = settings.head_dim ?? width / heads
  const epsilon = settings.rms_norm_eps
  const norm = (x: string, name: string, over = width) => rmsNorm(model, x, name, { width: over, epsilon })
  const angles = rotaryAngles(model, rotary, headWidth)
  let x = embedding(model, model.tokenInput('input_ids'), 'model.embed_tokens.weight', { rows, width })
  for (let layer = 0; layer < settings.num_hidden_layers; layer++) {
    const name = `model.layers.${layer}`
    const attended = decoderAttention(model, norm(x, `${name}.input_layernorm`), `${name}.self_attn`, {
      width,
      heads,
      keyHeads: settings.num_key_value_heads ?? heads,
      headWidth,
      biases,
      angles: (turns?.(layer) ?? true) ? angles : undefined,
      visible: seesBefore(model, window?.(layer)),
      ...(differences.normalisesHeads === true ? { norm: { of: 'heads', by: norm } } : {})
    })
    const middle = model.node('Add', [x, attended])
    const fed = gatedMlp(model, norm(middle, `${name}.post_attention_layernorm`), `${name}.mlp`, {
      width,
      inner: settings.intermediate_size,
      act: settings.hidden_act,
      bias: differences.mlpBias ?? false
    })
    x = model.node('Add', [middle, fed])
  }
  return vocabularyHead(model, norm(x, 'model.norm'), {
    vocabulary: rows,
    width,
    tiedTo: settings.tie_word_embeddings ? 'model.embed_tokens' : undefined,
    own: 'lm_head'
  })
}

export const llama = architecture(
  z.object({
    ...decoder({ vocabulary: 32_000, width: 4096, inner: 11_008, layers: 32, heads: 32 }),
    attention_bias: z.boolean().default(false),
    mlp_bias: z.boolean().default(false),
    pretraining_tp: only(1)
  }),
  (settings, model) =>
    writeDecoder(model, settings, {
      rotary: rotaryOf(settings),
      biases: { projections: settings.attention_bias, output: settings.attention_bias },
      mlpBias: settings.mlp_bias
    })
)

export const mistral = architecture(
  z.object({
    ...decoder({ vocabulary: 32_000, width: 4096, inner: 14_336, layers: 32, heads: 32 }),
    num_key_value_heads: size.nullish().default(8),
    sliding_window: size.nullable().default(4096)
  }),
  (settings, model) =>
    writeDecoder(model, settings, {
      rotary: rotaryOf(settings),
      window: () => settings.sliding_window ?? undefined
    })
)

/** Which of the layers see a window of the last tokens. */
const windows = {
  use_sliding_window: z.boolean().default(false),
  sliding_window: size.nullish().default(4096),
  max_window_layers: z.int().nonnegative().default(28),
  layer_types: layerTypes
}

type Windows = {
  readonly use_sliding_window: boolean
  readonly sliding_window?: number | null | undefined
  readonly max_window_layers: number
  readonly layer_types?: readonly string[] | null | undefined
}

function windowOf(settings: Windows): (layer: number) => number | undefined {
  return (layer) => {
    const isNear =
      settings.layer_types?.[layer] === 'sliding_attention' ||
      (!settings.layer_types && layer >= settings.max_window_layers)
    return settings.use_sliding_window && isNear ? (settings.sliding_window ?? undefined) : undefined
  }
}

export const qwen2 = architecture(z.object({ ...decoder(qwenSizes), ...windows }), (settings, model) =>
  writeDecoder(model, settings, {
    rotary: rotaryOf(settings),
    biases: { projections: true, output: false },
    window: windowOf(settings)
  })
)

export const qwen3 = architecture(
  z.object({
    ...decoder(qwenSizes),
    ...windows,
    head_dim: size.default(128),
    attention_bias: z.boolean().default(false)
  }),
  (settings, model) =>
    writeDecoder(model, settings, {
      rotary: rotaryOf(settings),
      biases: { projections: settings.attention_bias, output: settings.attention_bias },
      normalisesHeads: true,
      window: windowOf(settings)
    })
)

export const smollm3 = architecture(
  z.object({
    ...decoder({ vocabulary: 128_256, width: 2048, inner: 11_008, layers: 36, heads: 16 }),
    ...windows,
    num_key_value_heads: size.nullish().default(4),
    sliding_window: size.nullish(),
    /** 1 for layers that turn queries and keys, 0 for those that don't. */
    no_rope_layers: z.array(z.int()).nullish(),
    no_rope_layer_interval: size.default(4),
    attention_bias: z.boolean().default(false),
    mlp_bias: z.boolean().default(false),
    tie_word_embeddings: z.boolean().default(true)
  }),
  (settings, model) => {
    const turns = (layer: number): boolean =>
      (settings.no_rope_layers?.[layer] ?? (layer + 1) % settings.no_rope_layer_interval) !== 0
    const isNear = (layer: number) =>
      settings.layer_types ? settings.layer_types[layer] === 'sliding_attention' : !turns(layer)
    return writeDecoder(model, settings, {
      rotary: rotaryOf(settings, { theta: 2_000_000 }),
      biases: { projections: settings.attention_bias, output: settings.attention_bias },
      mlpBias: settings.mlp_bias,
      turns,
      window: (layer) =>
        settings.use_sliding_window && isNear(layer) ? (settings.sliding_window ?? undefined) : undefined
    })
  }
)
