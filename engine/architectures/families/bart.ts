/**
 * BART and mBART (`modeling_bart.py`, `modeling_mbart.py`): an encoder and a decoder with learned positions. BART
 * normalises after each part, mBART before it and once more at the end of each half.
 */
import { z } from 'zod'
import { times } from '#engine/onnx/expansions/words.ts'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { crossAttention } from '../layers/attention.ts'
import { embedding, positionEmbedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { seesAll, seesBefore } from '../layers/visibility.ts'
import type { ModelWriter } from '../model-writer.ts'
import { size } from '../settings.ts'

/** The row of the position table that the first token has; those before are left from padding. */
const firstPosition = 2

const schema = z.object({
  vocab_size: size.default(50_265),
  d_model: size.default(1024),
  max_position_embeddings: size.default(1024),
  encoder_layers: size.default(12),
  decoder_layers: size.default(12),
  encoder_attention_heads: size.default(16),
  decoder_attention_heads: size.default(16),
  encoder_ffn_dim: size.default(4096),
  decoder_ffn_dim: size.default(4096),
  activation_function: activation('gelu'),
  scale_embedding: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(true)
})
type Settings = z.output<typeof schema>

type Half = {
  readonly name: 'model.encoder' | 'model.decoder'
  readonly layers: number
  readonly heads: number
  readonly inner: number
  /** What the encoder gives; the decoder's alone has it. */
  readonly memory?: string
}

/** Every layer of a half over the tokens of its own input: `[batch, sequence, d_model]`. */
function writeHalf(model: ModelWriter, settings: Settings, half: Half, normsBefore: boolean): string {
  const { name, heads, inner, memory } = half
  const { d_model: width } = settings
  const norm = (x: string, of: string) => layerNorm(model, x, of, { width, epsilon: 1e-5 })
  /** `x` and what a part makes of it, with the norm where the family has it. */
  const residual = (x: string, normName: string, part: (x: string) => string): string =>
    normsBefore
      ? model.node('Add', [x, part(norm(x, normName))])
      : norm(model.node('Add', [x, part(x)]), normName)
  const attend = (x: string, from: string, of: string, seen: string): string => {
    const [query, key, value, output] = ['q_proj', 'k_proj', 'v_proj', 'out_proj'].map((p) => `${of}.${p}`)
    return crossAttention(model, x, from, { query, key, value, output }, { width, heads, biases: [seen] })
  }
  const input = memory === undefined ? 'input_ids' : 'decoder_input_ids'
  const seen = memory === undefined ? seesAll(model) : seesBefore(model, undefined, input)
  let x = norm(embed(model, settings, model.tokenInput(input), name), `${name}.layernorm_embedding`)
  for (let layer = 0; layer < half.layers; layer++) {
    const of = `${name}.layers.${layer}`
    x = residual(x, `${of}.self_attn_layer_norm`, (inside) => attend(inside, inside, `${of}.self_attn`, seen))
    if (memory !== undefined) {
      x = residual(x, `${of}.encoder_attn_layer_norm`, (inside) =>
        attend(inside, memory, `${of}.encoder_attn`, seesAll(model))
      )
    }
    x = residual(x, `${of}.final_layer_norm`, (inside) => {
      const raised = linear(model, inside, `${of}.fc1`, { inputs: width, outputs: inner })
      const active = activate(model, settings.activation_function, raised)
      return linear(model, active, `${of}.fc2`, { inputs: inner, outputs: width })
    })
  }
  return normsBefore ? norm(x, `${name}.layer_norm`) : x
}

/** Words, scaled where the settings say so, and positions. */
function embed(model: ModelWriter, settings: Settings, ids: string, half: string): string {
  const { d_model: width, vocab_size: rows, max_position_embeddings: positions } = settings
  const words = embedding(model, ids, 'model.shared.weight', { rows, width })
  const scaled = times(model, words, settings.scale_embedding ? Math.sqrt(width) : 1)
  const placed = positionEmbedding(model, ids, `${half}.embed_positions.weight`, {
    rows: positions + firstPosition,
    width,
    first: firstPosition
  })
  return model.node('Add', [scaled, placed])
}

function family(normsBefore: boolean) {
  return architecture(schema, (settings, model) => {
    const { vocab_size: vocabulary, d_model: width } = settings
    const memory = writeHalf(
      model,
      settings,
      {
        name: 'model.encoder',
        layers: settings.encoder_layers,
        heads: settings.encoder_attention_heads,
        inner: settings.encoder_ffn_dim
      },
      normsBefore
    )
    const decoded = writeHalf(
      model,
      settings,
      {
        name: 'model.decoder',
        layers: settings.decoder_layers,
        heads: settings.decoder_attention_heads,
        inner: settings.decoder_ffn_dim,
        memory
      },
      normsBefore
    )
    const logits = vocabularyHead(model, decoded, {
      vocabulary,
      width,
      tiedTo: settings.tie_word_embeddings ? 'model.shared' : undefined,
      own: 'lm_head'
    })
    const bias = 'final_logits_bias'
    return model.hasWeight(bias)
      ? model.node('Add', [logits, model.weight(bias, [1, vocabulary], 'zero')])
      : logits
  })
}

export const bart = family(false)
export const mbart = family(true)
