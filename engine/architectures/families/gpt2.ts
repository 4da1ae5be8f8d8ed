/** GPT-2 (`modeling_gpt2.py`): learned positions, normalisation first, one matrix for queries, keys and values. */
import { z } from 'zod'
import { splitHeads, splitLast } from '#engine/onnx/expansions/heads.ts'
import { architecture } from '../architecture.ts'
import { activate, activation } from '../layers/activations.ts'
import { attendHeads } from '../layers/attention.ts'
import { embedding, positionEmbedding } from '../layers/embeddings.ts'
import { vocabularyHead } from '../layers/head.ts'
import { convolution1d } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { seesBefore } from '../layers/visibility.ts'
import { off, size } from '../settings.ts'

export const gpt2 = architecture(
  z.object({
    vocab_size: size.default(50_257),
    n_positions: size.default(1024),
    n_embd: size.default(768),
    n_layer: size.default(12),
    n_head: size.default(12),
    n_inner: size.nullish(),
    activation_function: activation('gelu_new'),
    layer_norm_epsilon: z.number().default(1e-5),
    scale_attn_weights: z.boolean().default(true),
    scale_attn_by_inverse_layer_idx: z.boolean().default(false),
    add_cross_attention: off,
    tie_word_embeddings: z.boolean().default(true)
  }),
  (settings, model) => {
    const { n_embd: width, n_head: heads, vocab_size: rows, activation_function: act } = settings
    const inner = settings.n_inner ?? 4 * width
    const headWidth = width / heads
    const norm = (x: string, name: string) =>
      layerNorm(model, x, name, { width, epsilon: settings.layer_norm_epsilon })
    const ids = model.tokenInput('input_ids')
    const words = embedding(model, ids, 'transformer.wte.weight', { rows, width })
    const table = { rows: settings.n_positions, width }
    let x = model.node('Add', [words, positionEmbedding(model, ids, 'transformer.wpe.weight', table)])
    for (let layer = 0; layer < settings.n_layer; layer++) {
      const name = `transformer.h.${layer}`
      const packed = convolution1d(model, norm(x, `${name}.ln_1`), `${name}.attn.c_attn`, {
        inputs: width,
        outputs: 3 * width
      })
      const [query, key, value] = splitLast(model, packed, [width, width, width]).map((part) =>
        splitHeads(model, part, heads)
      )
      const usual = settings.scale_attn_weights ? 1 / Math.sqrt(headWidth) : 1
      const scale = settings.scale_attn_by_inverse_layer_idx ? usual / (layer + 1) : usual
      const attended = attendHeads(model, { query, key, value }, { heads, headWidth, scale }, [
        seesBefore(model)
      ])
      const square = { inputs: width, outputs: width }
      const middle = model.node('Add', [x, convolution1d(model, attended, `${name}.attn.c_proj`, square)])
      const raised = convolution1d(model, norm(middle, `${name}.ln_2`), `${name}.mlp.c_fc`, {
        inputs: width,
        outputs: inner
      })
      const lowered = convolution1d(model, activate(model, act, raised), `${name}.mlp.c_proj`, {
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
