/** GPT-Neo (`modeling_gpt_neo.py`): GPT-2 with unscaled scores, and a window in every second layer or so. */
import { z } from 'zod'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { decoderAttention } from '../layers/decoder.ts'
import { embedding, positionEmbedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { seesBefore } from '../layers/visibility.ts'
import { size } from '../settings.ts'

const kinds = z.enum(['global', 'local'])

export const gptNeo = architecture(
  z.object({
    vocab_size: size.default(50_257),
    max_position_embeddings: size.default(2048),
    hidden_size: size.default(2048),
    num_layers: size.default(24),
    num_heads: size.default(16),
    intermediate_size: size.nullish(),
    /** Kinds of attention, repeated so many times, one after the other. */
    attention_types: z.array(z.tuple([z.array(kinds), size])).default([[['global', 'local'], 12]]),
    window_size: size.default(256),
    activation_function: activation('gelu_new'),
    layer_norm_epsilon: z.number().default(1e-5),
    tie_word_embeddings: z.boolean().default(true)
  }),
  (settings, model) => {
    const { hidden_size: width, num_heads: heads, vocab_size: rows, activation_function: act } = settings
    const inner = settings.intermediate_size ?? 4 * width
    const norm = (x: string, name: string) =>
      layerNorm(model, x, name, { width, epsilon: settings.layer_norm_epsilon })
    const layers = settings.attention_types.flatMap(([names, times]) =>
      Array.from({ length: times }, () => names).flat()
    )
    const ids = model.tokenInput('input_ids')
    const words = embedding(model, ids, 'transformer.wte.weight', { rows, width })
    const table = { rows: settings.max_position_embeddings, width }
    let x = model.node('Add', [words, positionEmbedding(model, ids, 'transformer.wpe.weight', table)])
    for (let layer = 0; layer < settings.num_layers; layer++) {
      const name = `transformer.h.${layer}`
      const attended = decoderAttention(model, norm(x, `${name}.ln_1`), `${name}.attn.attention`, {
        width,
        heads,
        keyHeads: heads,
        headWidth: width / heads,
        biases: { projections: false, output: true },
        output: 'out_proj',
        scale: 1,
        angles: undefined,
        visible: seesBefore(model, layers[layer] === 'local' ? settings.window_size : undefined)
      })
      const middle = model.node('Add', [x, attended])
      const raised = linear(model, norm(middle, `${name}.ln_2`), `${name}.mlp.c_fc`, {
        inputs: width,
        outputs: inner
      })
      const lowered = linear(model, activate(model, act, raised), `${name}.mlp.c_proj`, {
        inputs: inner,
        outputs: width
      })
      x = model.node('Add', [middle, lowered])
    }
    return vocabularyHead(model, norm(x, 'transformer.ln_f'), {
      vocabulary: rows,
      width,
      tiedTo: settings.tie_word_embeddings ? 'transformer.wte' : undefined,
      own: 'lm_head'
    })
  }
)
