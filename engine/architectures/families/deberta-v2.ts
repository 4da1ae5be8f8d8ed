/** DeBERTa version 2 and 3 (`modeling_deberta_v2.py`): BERT with disentangled attention; the larger ones convolve. */
import { z } from 'zod'
import { sliceAxis } from '#engine/onnx/expansions/words.ts'
import { joinSizes, sizeOf, sizesBetween } from '#engine/onnx/gradients/emit-sizes.ts'
import { architecture } from '../architecture.ts'
import { type ActivationName, activate, activation } from '../layers/activations.ts'
import { disentangledAttention, type RelativePositions } from '../layers/disentangled-attention.ts'
import { embedding, positionEmbedding } from '../layers/embeddings.ts'
import { feedForward } from '../layers/encoder.ts'
import { requireHead, vocabularyHead } from '../layers/head.ts'
import { linear } from '../layers/linear.ts'
import { layerNorm } from '../layers/normalisations.ts'
import { seesAll } from '../layers/visibility.ts'
import type { ModelWriter } from '../model-writer.ts'
import { size } from '../settings.ts'

const scores = z.array(z.enum(['c2p', 'p2c'], { error: 'c2p, p2c' }))

const schema = z.object({
  vocab_size: size.default(128_100),
  hidden_size: size.default(1536),
  embedding_size: size.optional(),
  num_hidden_layers: size.default(24),
  num_attention_heads: size.default(24),
  intermediate_size: size.default(6144),
  hidden_act: activation('gelu'),
  max_position_embeddings: size.default(512),
  type_vocab_size: z.int().nonnegative().default(0),
  layer_norm_eps: z.number().default(1e-7),
  relative_attention: z.boolean().default(false),
  max_relative_positions: z.int().default(-1),
  position_buckets: z.int().default(-1),
  norm_rel_ebd: z.enum(['none', 'layer_norm'], { error: 'none, layer_norm' }).default('none'),
  share_att_key: z.boolean().default(false),
  position_biased_input: z.boolean().default(true),
  pos_att_type: z.preprocess(
    (value) => (typeof value === 'string' ? value.toLowerCase().split('|') : value),
    scores.nullish()
  ),
  conv_kernel_size: z.int().nonnegative().default(0),
  conv_groups: z.literal(1, { error: '1' }).default(1),
  conv_act: activation('tanh'),
  legacy: z.boolean().default(true),
  tie_word_embeddings: z.boolean().default(true)
})
type Settings = z.output<typeof schema>

const words = 'deberta.embeddings.word_embeddings'

/** Normalised embeddings; those of padding are 0, as a convolution sees them. */
function embed(model: ModelWriter, settings: Settings): string {
  const { hidden_size: hidden, vocab_size: rows, embedding_size: width = hidden } = settings
  const ids = model.tokenInput('input_ids')
  let x = embedding(model, ids, `${words}.weight`, { rows, width })
  if (settings.position_biased_input) {
    const table = { rows: settings.max_position_embeddings, width }
    const name = 'deberta.embeddings.position_embeddings.weight'
    x = model.node('Add', [x, positionEmbedding(model, ids, name, table)])
  }
  if (settings.type_vocab_size > 0) {
    const name = 'deberta.embeddings.token_type_embeddings.weight'
    const types = { rows: settings.type_vocab_size, width }
    x = model.node('Add', [x, embedding(model, model.tokenInput('token_type_ids'), name, types)])
  }
  if (width !== hidden) {
    x = linear(model, x, 'deberta.embeddings.embed_proj', { inputs: width, outputs: hidden, bias: false })
  }
  const normed = layerNorm(model, x, 'deberta.embeddings.LayerNorm', {
    width: hidden,
    epsilon: settings.layer_norm_eps
  })
  const mask = model.node('Cast', [model.tokenInput('attention_mask')], { to: { int: 1 } })
  return model.node('Mul', [normed, model.node('Unsqueeze', [mask, model.integers([2])])])
}

function relativePositions(model: ModelWriter, settings: Settings): RelativePositions | undefined {
  if (!settings.relative_attention) return undefined
  const { hidden_size: width, position_buckets: count, max_relative_positions: stated } = settings
  const furthest = stated < 1 ? settings.max_position_embeddings : stated
  const span = count > 0 ? count : furthest
  const table = model.weight('deberta.encoder.rel_embeddings.weight', [2 * span, width], 'normal')
  const embeddings =
    settings.norm_rel_ebd === 'layer_norm'
      ? layerNorm(model, table, 'deberta.encoder.LayerNorm', { width, epsilon: settings.layer_norm_eps })
      : table
  const buckets = count > 0 ? { count, furthest } : undefined
  return { embeddings, span, buckets, isShared: settings.share_att_key }
}

/** A convolution along the sequence, as one product for each of its offsets; what lies outside is 0. */
function convolve(
  model: ModelWriter,
  x: string,
  name: string,
  { width, kernel }: { width: number; kernel: number }
) {
  const weight = model.weight(`${name}.weight`, [width, width, kernel], 'normal')
  const side = Math.trunc((kernel - 1) / 2)
  const [batch] = model.shape(x)
  const sizes = joinSizes(model, [sizesBetween(model, x, 0, 1), model.integers([side, width])])
  const outside = model.noteShape(model.node('Expand', [model.number(0), sizes]), [batch, side, width])
  const padded = model.node('Concat', [outside, x, outside], { axis: { int: 1 } })
  const length = sizeOf(model, x, 1)
  const products = Array.from({ length: kernel }, (_, offset) => {
    const [from, axis] = [model.integers([offset]), model.integers([1])]
    const to = model.node('Unsqueeze', [
      model.node('Add', [length, model.integer(offset)]),
      model.integers([0])
    ])
    const shifted = model.node('Slice', [padded, from, to, axis])
    const slice = sliceAxis(model, weight, { axis: 2, from: offset, to: offset + 1 })
    const matrix = model.node('Transpose', [model.node('Squeeze', [slice, model.integers([2])])], {
      perm: { ints: [1, 0] }
    })
    return model.node('MatMul', [shifted, matrix])
  })
  const bias = model.weight(`${name}.bias`, [width], 'zero')
  return products.reduce((sum, product) => model.node('Add', [sum, product]), bias)
}

/** The names of the head's layers: the old head, or the one that the model was trained with. */
function headNames(model: ModelWriter, { legacy }: Settings) {
  const trained = 'lm_predictions.lm_head'
  if (!legacy) return { transform: requireHead(model, trained), bias: `${trained}.bias` }
  return { transform: requireHead(model, 'cls.predictions.transform'), bias: 'cls.predictions.bias' }
}

function writeHead(model: ModelWriter, x: string, settings: Settings): string {
  const { hidden_size: hidden, vocab_size: vocabulary, embedding_size, legacy } = settings
  const width = legacy ? (embedding_size ?? hidden) : hidden
  const { transform, bias } = headNames(model, settings)
  const act: ActivationName = settings.hidden_act
  const dense = activate(
    model,
    act,
    linear(model, x, `${transform}.dense`, { inputs: hidden, outputs: width })
  )
  const epsilon = settings.layer_norm_eps
  return vocabularyHead(model, layerNorm(model, dense, `${transform}.LayerNorm`, { width, epsilon }), {
    vocabulary,
    width,
    tiedTo: settings.tie_word_embeddings || !legacy ? words : undefined,
    own: 'cls.predictions.decoder',
    bias
  })
}

export const debertaV2 = architecture(schema, (settings, model) => {
  const { hidden_size: width, num_attention_heads: heads, conv_kernel_size: kernel } = settings
  const norm = { width, epsilon: settings.layer_norm_eps }
  const embedded = embed(model, settings)
  const attention = {
    width,
    heads,
    scores: settings.pos_att_type ?? [],
    positions: relativePositions(model, settings),
    visible: seesAll(model)
  }
  let x = embedded
  for (let layer = 0; layer < settings.num_hidden_layers; layer++) {
    const name = `deberta.encoder.layer.${layer}`
    const mixed = disentangledAttention(model, x, `${name}.attention.self`, attention)
    const square = { inputs: width, outputs: width }
    const attended = linear(model, mixed, `${name}.attention.output.dense`, square)
    const middle = layerNorm(
      model,
      model.node('Add', [attended, x]),
      `${name}.attention.output.LayerNorm`,
      norm
    )
    x = feedForward(model, middle, name, settings)
    if (layer === 0 && kernel > 0) {
      const convolved = convolve(model, embedded, 'deberta.encoder.conv.conv', { width, kernel })
      const sum = model.node('Add', [x, activate(model, settings.conv_act, convolved)])
      x = layerNorm(model, sum, 'deberta.encoder.conv.LayerNorm', norm)
    }
  }
  return writeHead(model, x, settings)
})
