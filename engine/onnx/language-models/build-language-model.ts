/**
 * Whole language models of four families as ONNX graphs of our own, with the inputs, outputs and weight names
 * of the usual exports: for the sample's models and for benchmarks at real sizes.
 */
import { type GraphBuilder, graphBuilder } from '../graph-builder.ts'
import type { LanguageModelShape, WeightSource } from './language-model-shape.ts'
import {
  attention,
  geluByErf,
  geluByTanh,
  type LayerBuilder,
  layerBuilder,
  layerNorm,
  linear,
  paddingBias,
  positionEmbeddings,
  positionsFromMask,
  tiedHead
} from './layers.ts'

const opset = 17
const tokens = ['batch_size', 'sequence_length']

/** Names of the encoder's weights: shared layers stand under one name in ALBERT. */
function encoderLayerName(shape: LanguageModelShape, layer: number): string {
  if (shape.family === 'albert') return 'albert.encoder.albert_layer_groups.0.albert_layers.0'
  return `${shape.family}.encoder.layer.${layer}`
}

/** One layer after the original Transformer: attention and feed-forward, each followed by normalisation. */
function encoderLayer(layers: LayerBuilder, x: string, name: string, bias: string): string {
  const { graph, shape } = layers
  const { hidden, inner } = shape
  const projected = (part: string) => linear(layers, x, `${name}.attention.self.${part}`, hidden, hidden)
  const mixed = attention(layers, projected('query'), projected('key'), projected('value'), bias)
  const attended = linear(layers, mixed, `${name}.attention.output.dense`, hidden, hidden)
  const first = layerNorm(
    layers,
    graph.node('Add', [attended, x]),
    `${name}.attention.output.LayerNorm`,
    hidden,
    1e-12
  )
  const gelu = shape.family === 'albert' ? geluByTanh : geluByErf
  const raised = gelu(layers, linear(layers, first, `${name}.intermediate.dense`, hidden, inner))
  const lowered = linear(layers, raised, `${name}.output.dense`, inner, hidden)
  return layerNorm(layers, graph.node('Add', [lowered, first]), `${name}.output.LayerNorm`, hidden, 1e-12)
}

/** BERT, RoBERTa or ALBERT: embeddings, encoder, and the head that transforms and asks the table. */
function buildMaskedModel(graph: GraphBuilder, layers: LayerBuilder, answers: (x: string) => string): string {
  const { shape } = layers
  const { family, embedding, hidden, vocabulary } = shape
  const inputIds = graph.input('input_ids', 'int64', tokens)
  const attentionMask = graph.input('attention_mask', 'int64', tokens)
  const prefix = `${family}.embeddings`
  const table = layers.weight(`${prefix}.word_embeddings.weight`, [vocabulary, embedding], 'normal')
  const words = graph.node('Gather', [table, inputIds])
  const positionTable = `${prefix}.position_embeddings.weight`
  const positions =
    family === 'roberta'
      ? positionsFromMask(layers, attentionMask, positionTable, embedding)
      : positionEmbeddings(layers, inputIds, positionTable, embedding)
  let x = graph.node('Add', [words, positions])
  if (family !== 'roberta') {
    const types = graph.input('token_type_ids', 'int64', tokens)
    const segments = layers.weight(`${prefix}.token_type_embeddings.weight`, [2, embedding], 'normal')
    x = graph.node('Add', [x, graph.node('Gather', [segments, types])])
  }
  x = layerNorm(layers, x, `${prefix}.LayerNorm`, embedding, 1e-12)
  if (embedding !== hidden) {
    x = linear(layers, x, `${family}.encoder.embedding_hidden_mapping_in`, embedding, hidden)
  }
  const bias = paddingBias(layers, attentionMask)
  for (let layer = 0; layer < shape.layers; layer++) {
    x = encoderLayer(layers, x, encoderLayerName(shape, layer), bias)
  }
  x = answers(x)
  const head = family === 'roberta' ? 'lm_head' : family === 'albert' ? 'predictions' : 'cls.predictions'
  x = linear(layers, x, `${head}.dense`, hidden, embedding)
  x = family === 'albert' ? geluByTanh(layers, x) : geluByErf(layers, x)
  x = layerNorm(layers, x, `${head}.LayerNorm`, embedding, 1e-12)
  return tiedHead(layers, x, table, layers.weight(`${head}.bias`, [vocabulary], 'zero'))
}

/** The bias `[1, 1, length, length]` that hides what comes later. */
function causalBias(layers: LayerBuilder, inputIds: string): string {
  const { graph, integers, scalar } = layers
  const length = graph.node('Slice', [
    graph.node('Shape', [inputIds]),
    integers('from_1', [1]),
    integers('to_2', [2])
  ])
  const square = graph.node('Concat', [length, length], { axis: { int: 0 } })
  const hiddenScores = graph.node('Expand', [scalar('hidden_score', -1e9), square])
  const above = graph.node('Trilu', [
    hiddenScores,
    graph.initializer('above_diagonal', 'int64', [], BigInt64Array.of(1n))
  ])
  return graph.node('Unsqueeze', [above, integers('mask_axes_front', [0, 1])])
}

/** GPT-2: normalisation first, one matrix for queries, keys and values, next-token logits. */
function buildCausalModel(graph: GraphBuilder, layers: LayerBuilder, answers: (x: string) => string): string {
  const { shape } = layers
  const { hidden, inner, vocabulary } = shape
  const inputIds = graph.input('input_ids', 'int64', tokens)
  const attentionMask = graph.input('attention_mask', 'int64', tokens)
  const table = layers.weight('transformer.wte.weight', [vocabulary, hidden], 'normal')
  let x = graph.node('Add', [
    graph.node('Gather', [table, inputIds]),
    positionEmbeddings(layers, inputIds, 'transformer.wpe.weight', hidden)
  ])
  const bias = graph.node('Add', [paddingBias(layers, attentionMask), causalBias(layers, inputIds)])
  for (let layer = 0; layer < shape.layers; layer++) {
    const name = `transformer.h.${layer}`
    const normalised = layerNorm(layers, x, `${name}.ln_1`, hidden, 1e-5)
    const all = linear(layers, normalised, `${name}.attn.c_attn`, hidden, 3 * hidden)
    const [query, key, value] = graph.nodes(
      'Split',
      [all, layers.integers('three_parts', [hidden, hidden, hidden])],
      { axis: { int: 2 } },
      3
    )
    const mixed = attention(layers, query, key, value, bias)
    x = graph.node('Add', [x, linear(layers, mixed, `${name}.attn.c_proj`, hidden, hidden)])
    const second = layerNorm(layers, x, `${name}.ln_2`, hidden, 1e-5)
    const raised = geluByTanh(layers, linear(layers, second, `${name}.mlp.c_fc`, hidden, inner))
    x = graph.node('Add', [x, linear(layers, raised, `${name}.mlp.c_proj`, inner, hidden)])
  }
  return tiedHead(layers, layerNorm(layers, answers(x), 'transformer.ln_f', hidden, 1e-5), table, null)
}

/** Where logits are wanted: everywhere, or at the rows and positions of an input `positions [r, 2]`. */
export type AnswersAt = 'every-position' | 'given-positions'

/**
 * A whole model: inputs `input_ids`, `attention_mask` (and `token_type_ids` for BERT and ALBERT) `[n, length]`,
 * output `logits`, `[n, length, V]` or for given positions `[r, V]`. The builder can go on, for example with a loss.
 */
export function buildLanguageModel(
  shape: LanguageModelShape,
  source: WeightSource,
  answersAt: AnswersAt = 'every-position'
): GraphBuilder {
  const graph = graphBuilder({ opset })
  const layers = layerBuilder(graph, shape, source)
  const build = shape.family === 'gpt2' ? buildCausalModel : buildMaskedModel
  if (answersAt === 'every-position') {
    const logits = build(graph, layers, (x) => x)
    graph.output(logits, 'float32', [...tokens, shape.vocabulary])
  } else {
    const positions = graph.input('positions', 'int64', ['answers', 2])
    const logits = build(graph, layers, (x) => graph.node('GatherND', [x, positions]))
    graph.output(logits, 'float32', ['answers', shape.vocabulary])
  }
  return graph
}
