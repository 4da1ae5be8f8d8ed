/**
 * The layers that the classic families share, written with the operators that exporters write: every weight is
 * an initializer named after Hugging Face's, matrices `[in, out]` as MatMul takes them.
 */
import type { GraphBuilder } from '../graph-builder.ts'
import type { LanguageModelShape, WeightSource, WeightStart } from './language-model-shape.ts'

/** A graph under construction with its weights, and the constants that layers need. */
export type LayerBuilder = {
  readonly graph: GraphBuilder
  readonly shape: LanguageModelShape
  readonly weight: (name: string, dims: readonly number[], start: WeightStart) => string
  readonly scalar: (name: string, value: number) => string
  readonly integers: (name: string, values: readonly number[]) => string
}

/** Prepares a graph for layers; a weight asked for twice (ALBERT's shared layers) is one initializer. */
export function layerBuilder(
  graph: GraphBuilder,
  shape: LanguageModelShape,
  source: WeightSource
): LayerBuilder {
  const known = new Map<string, string>()
  const once = (key: string, make: () => string): string => {
    const name = known.get(key) ?? make()
    known.set(key, name)
    return name
  }
  return {
    graph,
    shape,
    weight: (name, dims, start) =>
      once(name, () => graph.initializer(name, 'float32', dims, source(name, dims, start))),
    scalar: (name, value) => once(name, () => graph.initializer(name, 'float32', [], Float32Array.of(value))),
    integers: (name, values) =>
      once(name, () =>
        graph.initializer(name, 'int64', [values.length], BigInt64Array.from(values.map(BigInt)))
      )
  }
}

/** `x W + b`: `[.., in] → [.., out]`. */
export function linear(
  layers: LayerBuilder,
  x: string,
  name: string,
  inputs: number,
  outputs: number
): string {
  const { graph, weight } = layers
  const product = graph.node('MatMul', [x, weight(`${name}.weight`, [inputs, outputs], 'normal')])
  return graph.node('Add', [product, weight(`${name}.bias`, [outputs], 'zero')])
}

/** Layer normalisation over the last axis. */
export function layerNorm(
  layers: LayerBuilder,
  x: string,
  name: string,
  width: number,
  epsilon: number
): string {
  const scale = layers.weight(`${name}.weight`, [width], 'one')
  const bias = layers.weight(`${name}.bias`, [width], 'zero')
  return layers.graph.node('LayerNormalization', [x, scale, bias], {
    axis: { int: -1 },
    epsilon: { float: epsilon }
  })
}

/** GELU by the error function (BERT, RoBERTa): `x/2 · (1 + erf(x/√2))`. */
export function geluByErf(layers: LayerBuilder, x: string): string {
  const { graph, scalar } = layers
  const erf = graph.node('Erf', [graph.node('Div', [x, scalar('sqrt_2', Math.SQRT2)])])
  const gate = graph.node('Add', [erf, scalar('one', 1)])
  return graph.node('Mul', [graph.node('Mul', [x, gate]), scalar('half', 0.5)])
}

/** GELU by tanh (ALBERT, GPT-2): `x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))`. */
export function geluByTanh(layers: LayerBuilder, x: string): string {
  const { graph, scalar } = layers
  const cube = graph.node('Pow', [x, scalar('three', 3)])
  const inner = graph.node('Add', [x, graph.node('Mul', [cube, scalar('gelu_cubic', 0.044715)])])
  const tanh = graph.node('Tanh', [graph.node('Mul', [inner, scalar('gelu_scale', Math.sqrt(2 / Math.PI))])])
  const gate = graph.node('Add', [tanh, scalar('one', 1)])
  return graph.node('Mul', [graph.node('Mul', [x, gate]), scalar('half', 0.5)])
}

/**
 * Multi-head attention of ready queries, keys and values `[n, length, d]`; `bias` is added to the scores
 * `[n, heads, length, length]` and takes away what may not be seen. Answers `[n, length, d]`.
 */
export function attention(
  layers: LayerBuilder,
  query: string,
  key: string,
  value: string,
  bias: string
): string {
  const { graph, shape, integers, scalar } = layers
  const headWidth = shape.hidden / shape.heads
  const split = (x: string, order: readonly number[]): string => {
    const heads = graph.node('Reshape', [x, integers('split_heads', [0, 0, shape.heads, headWidth])])
    return graph.node('Transpose', [heads], { perm: { ints: order } })
  }
  const scores = graph.node('MatMul', [split(query, [0, 2, 1, 3]), split(key, [0, 2, 3, 1])])
  const scaled = graph.node('Div', [scores, scalar('head_scale', Math.sqrt(headWidth))])
  const weights = graph.node('Softmax', [graph.node('Add', [scaled, bias])], { axis: { int: -1 } })
  const mixed = graph.node('MatMul', [weights, split(value, [0, 2, 1, 3])])
  const together = graph.node('Transpose', [mixed], { perm: { ints: [0, 2, 1, 3] } })
  return graph.node('Reshape', [together, integers('join_heads', [0, 0, shape.hidden])])
}

/** The bias `[n, 1, 1, length]` that hides padding: 0 where `attention_mask` is 1, far below 0 elsewhere. */
export function paddingBias(layers: LayerBuilder, attentionMask: string): string {
  const { graph, integers, scalar } = layers
  const axes = integers('mask_axes', [1, 2])
  const mask = graph.node('Cast', [graph.node('Unsqueeze', [attentionMask, axes])], { to: { int: 1 } })
  const hidden = graph.node('Sub', [scalar('one', 1), mask])
  return graph.node('Mul', [hidden, scalar('hidden_score', -1e9)])
}

/** Rows 0 .. length−1 of a position table, for the length of `inputIds`: `[1, length, width]`. */
export function positionEmbeddings(
  layers: LayerBuilder,
  inputIds: string,
  name: string,
  width: number
): string {
  const { graph, shape, integers, weight } = layers
  const table = weight(name, [shape.positions, width], 'normal')
  const length = graph.node('Slice', [
    graph.node('Shape', [inputIds]),
    integers('from_1', [1]),
    integers('to_2', [2])
  ])
  const rows = graph.node('Slice', [table, integers('from_0', [0]), length, integers('axis_0', [0])])
  return graph.node('Unsqueeze', [rows, integers('axis_0', [0])])
}

/**
 * Positions as RoBERTa counts them: 1 (the padding id) plus the number of unmasked tokens so far, and 1 for padding.
 * `[n, length, width]`.
 */
export function positionsFromMask(
  layers: LayerBuilder,
  attentionMask: string,
  name: string,
  width: number
): string {
  const { graph, shape, integers, weight } = layers
  const count = graph.node('CumSum', [attentionMask, integers('axis_1', [1])])
  const positions = graph.node('Add', [
    graph.node('Mul', [count, attentionMask]),
    integers('padding_position', [1])
  ])
  return graph.node('Gather', [weight(name, [shape.positions, width], 'normal'), positions])
}

/** The output `logits [n, length, V]` by the tied table `[V, e]`, with a bias where the family has one. */
export function tiedHead(layers: LayerBuilder, x: string, table: string, bias: string | null): string {
  const { graph } = layers
  const transposed = graph.node('Transpose', [table], { perm: { ints: [1, 0] } })
  if (bias === null) return graph.namedNode('logits', 'MatMul', [x, transposed])
  return graph.namedNode('logits', 'Add', [graph.node('MatMul', [x, transposed]), bias])
}
