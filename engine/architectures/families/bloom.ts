/** BLOOM (`modeling_bloom.py`): scores that fall with the distance instead of positions (ALiBi). */
import { z } from 'zod'
import { countAlong } from '#engine/onnx/expansions/words.ts'
import { unsqueeze } from '#engine/onnx/gradients/emit-shapes.ts'
import { architecture } from '../architecture.ts'
import { activate } from '../layers/activations.ts'
import { attendHeads } from '../layers/attention.ts'
import { embedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { packedHeads } from '../layers/packed-heads.ts'
import { seesBefore } from '../layers/visibility.ts'
import type { ModelWriter } from '../model-writer.ts'
import { size } from '../settings.ts'

/** How much the score of a head grows with a key's position: powers of one number, for 2ⁿ heads. */
function slopes(heads: number): number[] {
  const whole = 2 ** Math.floor(Math.log2(heads))
  const powers = (base: number, count: number, step: number) =>
    Array.from({ length: count }, (_, index) => base ** (1 + step * index))
  const base = (count: number) => 2 ** -(2 ** -(Math.log2(count) - 3))
  // Other numbers of heads take the rest from every second power of the next larger.
  return [...powers(base(whole), whole, 1), ...powers(base(2 * whole), heads - whole, 2)]
}

/** What is added to the scores: `[heads, 1, sequence]`, or `[batch, heads, 1, sequence]` where rows hold several sequences. */
function positionBias(model: ModelWriter, heads: number): string {
  const places =
    model.packed === undefined
      ? countAlong(model, model.tokenInput('input_ids'), 1)
      : unsqueeze(model, model.packed.positions, [1, 2])
  const positions = model.node('Cast', [places], { to: { int: 1 } })
  return model.node('Mul', [unsqueeze(model, model.numbers(slopes(heads)), [1, 2]), positions])
}

export const bloom = architecture(
  z.object({
    vocab_size: size.default(250_880),
    hidden_size: size.optional(),
    /** The older name. */
    n_embed: size.optional(),
    n_layer: size.optional(),
    num_hidden_layers: size.default(2),
    n_head: size.optional(),
    num_attention_heads: size.default(8),
    layer_norm_epsilon: z.number().default(1e-5),
    apply_residual_connection_post_layernorm: z.boolean().default(false),
    tie_word_embeddings: z.boolean().default(true)
  }),
  (settings, model) => {
    const rows = settings.vocab_size
    const width = settings.n_embed ?? settings.hidden_size ?? 64
    const heads = settings.n_head ?? settings.num_attention_heads
    const layers = settings.n_layer ?? settings.num_hidden_layers
    const isNormed = settings.apply_residual_connection_post_layernorm
    const norm = (x: string, name: string) =>
      layerNorm(model, x, name, { width, epsilon: settings.layer_norm_epsilon })
    const ids = model.tokenInput('input_ids')
    const words = embedding(model, ids, 'transformer.word_embeddings.weight', { rows, width })
    const biases = [positionBias(model, heads), seesBefore(model)]
    const square = { inputs: width, outputs: width }
    let x = norm(words, 'transformer.word_embeddings_layernorm')
    for (let layer = 0; layer < layers; layer++) {
      const name = `transformer.h.${layer}`
      const first = norm(x, `${name}.input_layernorm`)
      const parts = packedHeads(model, first, `${name}.self_attention.query_key_value`, {
        width,
        heads,
        bias: true
      })
      const mixed = attendHeads(model, parts, { heads, headWidth: width / heads }, biases)
      const attended = linear(model, mixed, `${name}.self_attention.dense`, square)
      const middle = model.node('Add', [attended, isNormed ? first : x])
      const second = norm(middle, `${name}.post_attention_layernorm`)
      const raised = linear(model, second, `${name}.mlp.dense_h_to_4h`, { inputs: width, outputs: 4 * width })
      const fed = linear(model, activate(model, 'gelu_new', raised), `${name}.mlp.dense_4h_to_h`, {
        inputs: 4 * width,
        outputs: width
      })
      x = model.node('Add', [fed, isNormed ? second : middle])
    }
    return vocabularyHead(model, norm(x, 'transformer.ln_f'), {
      vocabulary: rows,
      width,
      tiedTo: settings.tie_word_embeddings ? 'transformer.word_embeddings' : undefined,
      own: 'lm_head'
    })
  }
)
