/** ModernBERT (`modeling_modernbert.py`): rotary positions, norms before each part, windows in most layers. */
import { z } from 'zod'
import { splitHeads, splitLast } from '#engine/onnx/expansions/heads.ts'
import { rotate } from '#engine/onnx/expansions/rotary.ts'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { attendHeads } from '../layers/attention.ts'
import { embedding } from '../layers/embeddings.ts'
import { requireHead, vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { rotaryAngles } from '../layers/rotary.ts'
import { layerTypes, type RotaryParameters, rotaryByLayerType, rotaryOf } from '../layers/rotary-settings.ts'
import { seesAll, seesNear } from '../layers/visibility.ts'
import { size } from '../settings.ts'

export const modernbert = architecture(
  z.object({
    ...rotaryByLayerType,
    max_position_embeddings: size.default(8192),
    vocab_size: size.default(50_368),
    hidden_size: size.default(768),
    intermediate_size: size.default(1152),
    num_hidden_layers: size.default(22),
    num_attention_heads: size.default(12),
    hidden_activation: activation('gelu'),
    norm_eps: z.number().default(1e-5),
    norm_bias: z.boolean().default(false),
    attention_bias: z.boolean().default(false),
    mlp_bias: z.boolean().default(false),
    decoder_bias: z.boolean().default(true),
    classifier_bias: z.boolean().default(false),
    classifier_activation: activation('gelu'),
    layer_types: layerTypes,
    global_attn_every_n_layers: size.default(3),
    /** Tokens that a token of a layer with a window sees, itself among them. */
    local_attention: size.default(128),
    global_rope_theta: z.number().default(160_000),
    local_rope_theta: z.number().nullish(),
    tie_word_embeddings: z.boolean().default(true)
  }),
  (settings, model) => {
    const {
      hidden_size: width,
      num_attention_heads: heads,
      vocab_size: rows,
      intermediate_size: inner
    } = settings
    const { attention_bias: attentionBias, mlp_bias: mlpBias } = settings
    const headWidth = width / heads
    const norm = (x: string, name: string) =>
      layerNorm(model, x, name, { width, epsilon: settings.norm_eps, bias: settings.norm_bias })
    const { rope_parameters: byType, ...others } = settings
    const turned = (parameters: RotaryParameters | null | undefined, theta: number) =>
      rotaryAngles(model, rotaryOf({ ...others, rope_parameters: parameters }, { theta }), headWidth)
    const far = { angles: turned(byType?.full_attention, settings.global_rope_theta), bias: seesAll(model) }
    const near = {
      angles: turned(byType?.sliding_attention, settings.local_rope_theta ?? 10_000),
      bias: seesNear(model, Math.trunc(settings.local_attention / 2))
    }
    const isNear = (layer: number) =>
      settings.layer_types
        ? settings.layer_types[layer] === 'sliding_attention'
        : layer % settings.global_attn_every_n_layers !== 0
    const ids = model.tokenInput('input_ids')
    const words = embedding(model, ids, 'model.embeddings.tok_embeddings.weight', { rows, width })
    let x = norm(words, 'model.embeddings.norm')
    for (let layer = 0; layer < settings.num_hidden_layers; layer++) {
      const name = `model.layers.${layer}`
      const { angles, bias } = isNear(layer) ? near : far
      // The embeddings are normalised already.
      const first = layer === 0 ? x : norm(x, `${name}.attn_norm`)
      const packed = linear(model, first, `${name}.attn.Wqkv`, {
        inputs: width,
        outputs: 3 * width,
        bias: attentionBias
      })
      const [query, key, value] = splitLast(model, packed, [width, width, width]).map((part) =>
        splitHeads(model, part, heads)
      )
      const parts = {
        query: rotate(model, query, angles, angles.width),
        key: rotate(model, key, angles, angles.width),
        value
      }
      const mixed = attendHeads(model, parts, { heads, headWidth }, [bias])
      const square = { inputs: width, outputs: width, bias: attentionBias }
      const middle = model.node('Add', [x, linear(model, mixed, `${name}.attn.Wo`, square)])
      const raised = linear(model, norm(middle, `${name}.mlp_norm`), `${name}.mlp.Wi`, {
        inputs: width,
        outputs: 2 * inner,
        bias: mlpBias
      })
      const [input, gate] = splitLast(model, raised, [inner, inner])
      const gated = model.node('Mul', [activate(model, settings.hidden_activation, input), gate])
      const sizes = { inputs: inner, outputs: width, bias: mlpBias }
      x = model.node('Add', [middle, linear(model, gated, `${name}.mlp.Wo`, sizes)])
    }
    const last = norm(x, 'model.final_norm')
    const head = requireHead(model, 'head')
    const square = { inputs: width, outputs: width, bias: settings.classifier_bias }
    const dense = linear(model, last, `${head}.dense`, square)
    return vocabularyHead(
      model,
      norm(activate(model, settings.classifier_activation, dense), `${head}.norm`),
      {
        vocabulary: rows,
        width,
        tiedTo: settings.tie_word_embeddings ? 'model.embeddings.tok_embeddings' : undefined,
        own: 'decoder',
        ...(settings.decoder_bias ? { bias: 'decoder.bias' } : {})
      }
    )
  }
)
