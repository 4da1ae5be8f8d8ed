/**
 * T5 and mT5 (`modeling_t5.py`): an encoder and a decoder with relative positions, norms without biases, unscaled scores,
 * and from version 1.1 on (FLAN and mT5 too) a gated feed-forward and a head of its own.
 */
import { z } from 'zod'
import { times } from '#engine/onnx/expansions/words.ts'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { type AttentionSettings, crossAttention } from '../layers/attention.ts'
import { embedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { rmsNorm } from '../layers/normalisations.ts'
import { t5PositionBias } from '../layers/relative-positions.ts'
import { seesAll, seesBefore } from '../layers/visibility.ts'
import type { ModelWriter } from '../model-writer.ts'
import { off, size } from '../settings.ts'

const gates = 'gated-'

/** `relu`, `gated-gelu`, …: the activation, and whether it gates. The first releases of `gated-gelu` meant `gelu_new`. */
const feedForwardSetting = z.string().transform((text, context) => {
  const isGated = text.startsWith(gates)
  const name = isGated ? text.slice(gates.length) : text
  const act = activation('relu').safeParse(isGated && name === 'gelu' ? 'gelu_new' : name)
  if (act.success) return { isGated, act: act.data }
  context.addIssue({
    code: 'custom',
    message: `${act.error.issues[0]?.message}, each perhaps after ${gates}`
  })
  return z.NEVER
})

const schema = z.object({
  vocab_size: size.default(32_128),
  d_model: size.default(512),
  d_kv: size.default(64),
  d_ff: size.default(2048),
  num_layers: size.default(6),
  num_decoder_layers: size.nullish(),
  num_heads: size.default(8),
  relative_attention_num_buckets: size.default(32),
  relative_attention_max_distance: size.default(128),
  layer_norm_epsilon: z.number().default(1e-6),
  feed_forward_proj: feedForwardSetting.default({ isGated: false, act: 'relu' }),
  is_decoder: off
})
type Settings = z.output<typeof schema>

/** One half of the model; the decoder's has `memory`, what the encoder gives. */
type Half = {
  readonly name: 'encoder' | 'decoder'
  readonly layers: number
  readonly memory?: string
}

/** Every layer of a half over the tokens of its own input: `[batch, sequence, d_model]`. */
function writeHalf(model: ModelWriter, settings: Settings, { name, layers, memory }: Half): string {
  const { d_model: width, num_heads: heads, layer_norm_epsilon: epsilon } = settings
  const norm = (x: string, of: string) => rmsNorm(model, x, of, { width, epsilon })
  const input = memory === undefined ? 'input_ids' : 'decoder_input_ids'
  const ids = model.tokenInput(input)
  const positions = t5PositionBias(
    model,
    `${name}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`,
    heads,
    {
      count: settings.relative_attention_num_buckets,
      furthest: settings.relative_attention_max_distance,
      isBothWays: memory === undefined
    },
    input
  )
  const seen = memory === undefined ? seesAll(model) : seesBefore(model, undefined, input)
  const attention = (biases: readonly string[]): AttentionSettings => ({
    width,
    heads,
    headWidth: settings.d_kv,
    scale: 1,
    bias: false,
    biases
  })
  const namesOf = (of: string) => ({
    query: `${of}.q`,
    key: `${of}.k`,
    value: `${of}.v`,
    output: `${of}.o`
  })
  let x = embedding(model, ids, 'shared.weight', { rows: settings.vocab_size, width })
  for (let layer = 0; layer < layers; layer++) {
    const parts = `${name}.block.${layer}.layer`
    const before = norm(x, `${parts}.0.layer_norm`)
    const self = namesOf(`${parts}.0.SelfAttention`)
    x = model.node('Add', [x, crossAttention(model, before, before, self, attention([positions, seen]))])
    if (memory !== undefined) {
      const cross = namesOf(`${parts}.1.EncDecAttention`)
      const asked = norm(x, `${parts}.1.layer_norm`)
      x = model.node('Add', [x, crossAttention(model, asked, memory, cross, attention([seesAll(model)]))])
    }
    const last = `${parts}.${memory === undefined ? 1 : 2}`
    x = model.node('Add', [x, feedForward(model, settings, norm(x, `${last}.layer_norm`), last)])
  }
  return norm(x, `${name}.final_layer_norm`)
}

function feedForward(model: ModelWriter, settings: Settings, x: string, layer: string): string {
  const { d_model: width, d_ff: inner, feed_forward_proj } = settings
  const { isGated, act } = feed_forward_proj
  const name = `${layer}.DenseReluDense`
  const raise = (part: string) =>
    linear(model, x, `${name}.${part}`, { inputs: width, outputs: inner, bias: false })
  const raised = isGated
    ? model.node('Mul', [activate(model, act, raise('wi_0')), raise('wi_1')])
    : activate(model, act, raise('wi'))
  return linear(model, raised, `${name}.wo`, { inputs: inner, outputs: width, bias: false })
}

/** @param isScaled whether what the decoder gives is multiplied by 1/√d_model before the head */
function writeModel(settings: Settings, model: ModelWriter, isScaled: boolean): string {
  const { d_model: width, num_layers: layers, vocab_size: vocabulary } = settings
  const memory = writeHalf(model, settings, { name: 'encoder', layers })
  const decoderLayers = settings.num_decoder_layers ?? layers
  const decoded = writeHalf(model, settings, { name: 'decoder', layers: decoderLayers, memory })
  // Whatever the settings say of it, transformers takes the head's own matrix where the checkpoint has one.
  const tiedTo = model.hasWeight('lm_head.weight') ? undefined : 'shared'
  return vocabularyHead(model, isScaled ? times(model, decoded, width ** -0.5) : decoded, {
    vocabulary,
    width,
    tiedTo,
    own: 'lm_head'
  })
}

export const t5 = architecture(
  schema.extend({
    tie_word_embeddings: z.boolean().default(true),
    /** Since transformers 5 a setting of its own. */
    scale_decoder_outputs: z.boolean().nullish()
  }),
  (settings, model) =>
    writeModel(settings, model, settings.scale_decoder_outputs ?? settings.tie_word_embeddings)
)

export const mt5 = architecture(
  schema.extend({
    vocab_size: size.default(250_112),
    d_ff: size.default(1024),
    num_layers: size.default(8),
    num_heads: size.default(6),
    feed_forward_proj: feedForwardSetting.default({ isGated: true, act: 'gelu_new' })
  }),
  (settings, model) => writeModel(settings, model, false)
)
