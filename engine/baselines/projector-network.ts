/**
 * The network of appendix A.2 (Eq. 8), `W₂ f(W₁ x + b₁) + b₂` with `f` the leaky ReLU, and its gradient by hand, as
 * graphs that onnxruntime runs. Parameters are fed, so that a step of the optimiser copies nothing into a graph.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { UniformSource } from '#engine/common/random/seeded-random.ts'
import { openSession, type Provider } from '#engine/devices/session.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'

/** Widths: `d`, `h` and `e`. */
export type ProjectorShape = { source: number; hidden: number; target: number }

/** In PyTorch's layout: `W₁ [h, d]`, `b₁ [h]`, `W₂ [e, h]`, `b₂ [e]`. */
export const parameterNames = ['hiddenWeights', 'hiddenBias', 'outputWeights', 'outputBias'] as const
export type ProjectorParameters = Record<(typeof parameterNames)[number], Float32Array>

export type Projector = {
  /** The vectors `[n, d]` projected, `[n, e]`. */
  project: (parameters: ProjectorParameters, vectors: Matrix) => Promise<Matrix>
  /** The mean squared error over all values of `target [n, e]` given `source [n, d]`, and its gradient. */
  gradient: (
    parameters: ProjectorParameters,
    source: Matrix,
    target: Matrix
  ) => Promise<{ loss: number; gradient: ProjectorParameters }>
  release: () => Promise<void>
}

const opset = 17
/** The slope below zero: PyTorch's default. */
const leak = 0.01

function parameterDims({ source, hidden, target }: ProjectorShape) {
  return {
    hiddenWeights: [hidden, source],
    hiddenBias: [hidden],
    outputWeights: [target, hidden],
    outputBias: [target]
  } satisfies Record<keyof ProjectorParameters, number[]>
}

/** As PyTorch's `nn.Linear` starts: uniform up to `1/√(values that come in)`, weights and biases alike. */
export function startParameters(shape: ProjectorShape, uniform: UniformSource): ProjectorParameters {
  const draw = (count: number, incoming: number): Float32Array =>
    Float32Array.from({ length: count }, () => (2 * uniform() - 1) / Math.sqrt(incoming))
  const { source, hidden, target } = shape
  return {
    hiddenWeights: draw(hidden * source, source),
    hiddenBias: draw(hidden, source),
    outputWeights: draw(target * hidden, hidden),
    outputBias: draw(target, hidden)
  }
}

/** The inputs of both graphs and the way forward; answers with the names of `W₁x + b₁`, of `f` of it and of `W₂`. */
function forward(graph: GraphBuilder, shape: ProjectorShape) {
  const dims = parameterDims(shape)
  const vectors = graph.input('vectors', 'float32', ['n', shape.source])
  for (const name of parameterNames) graph.input(name, 'float32', dims[name])
  const before = graph.node('Gemm', [vectors, 'hiddenWeights', 'hiddenBias'], { transB: { int: 1 } })
  const hidden = graph.node('LeakyRelu', [before], { alpha: { float: leak } })
  graph.namedNode('projected', 'Gemm', [hidden, 'outputWeights', 'outputBias'], { transB: { int: 1 } })
  return { vectors, before, hidden }
}

function projectionGraph(shape: ProjectorShape): Uint8Array {
  const graph = graphBuilder({ opset })
  forward(graph, shape)
  graph.output('projected', 'float32', ['n', shape.target])
  return graph.build()
}

/**
 * With `D = projected − target`: the loss is `mean(D²)`; at `projected` its gradient is `2D/(n·e)`, and it goes back
 * through `W₂` and the slope of `f`. The name of each gradient is that of its parameter with `Slope`.
 */
function gradientGraph(shape: ProjectorShape): Uint8Array {
  const graph = graphBuilder({ opset })
  const dims = parameterDims(shape)
  const { vectors, before, hidden } = forward(graph, shape)
  const target = graph.input('target', 'float32', ['n', shape.target])
  const scale = graph.input('scale', 'float32', [])
  const rows = graph.initializer('rows', 'int64', [1], BigInt64Array.of(0n))
  const zero = graph.initializer('zero', 'float32', [], Float32Array.of(0))
  const one = graph.initializer('one', 'float32', [], Float32Array.of(1))
  const slope = graph.initializer('slope', 'float32', [], Float32Array.of(leak))
  const difference = graph.node('Sub', ['projected', target])
  graph.namedNode('loss', 'ReduceMean', [graph.node('Mul', [difference, difference])], {
    keepdims: { int: 0 }
  })
  const atOutput = graph.node('Mul', [difference, scale])
  const atHidden = graph.node('Gemm', [atOutput, 'outputWeights'])
  const slopes = graph.node('Where', [graph.node('Greater', [before, zero]), one, slope])
  const atBefore = graph.node('Mul', [atHidden, slopes])
  graph.namedNode('hiddenWeightsSlope', 'Gemm', [atBefore, vectors], { transA: { int: 1 } })
  graph.namedNode('hiddenBiasSlope', 'ReduceSum', [atBefore, rows], { keepdims: { int: 0 } })
  graph.namedNode('outputWeightsSlope', 'Gemm', [atOutput, hidden], { transA: { int: 1 } })
  graph.namedNode('outputBiasSlope', 'ReduceSum', [atOutput, rows], { keepdims: { int: 0 } })
  graph.output('loss', 'float32', [])
  for (const name of parameterNames) graph.output(`${name}Slope`, 'float32', dims[name])
  return graph.build()
}

/** Opens the network on a device. */
export async function openProjector(shape: ProjectorShape, device: Provider): Promise<Projector> {
  const dims = parameterDims(shape)
  const projection = await openSession(projectionGraph(shape), { device })
  const training = await openSession(gradientGraph(shape), { device })
  const feeds = (parameters: ProjectorParameters, vectors: Matrix): Record<string, Tensor> => ({
    ...Object.fromEntries(parameterNames.map((name) => [name, tensor(dims[name], parameters[name])])),
    vectors: tensor([vectors.rows, vectors.columns], vectors.data)
  })
  return {
    project: async (parameters, vectors) => {
      const { projected } = await projection.run(feeds(parameters, vectors))
      return { rows: vectors.rows, columns: shape.target, data: values(projected) }
    },
    gradient: async (parameters, source, target) => {
      const answer = await training.run({
        ...feeds(parameters, source),
        target: tensor([target.rows, target.columns], target.data),
        scale: tensor([], Float32Array.of(2 / target.data.length))
      })
      return {
        loss: values(answer['loss'])[0],
        gradient: {
          hiddenWeights: values(answer['hiddenWeightsSlope']),
          hiddenBias: values(answer['hiddenBiasSlope']),
          outputWeights: values(answer['outputWeightsSlope']),
          outputBias: values(answer['outputBiasSlope'])
        }
      }
    },
    release: async () => {
      await projection.release()
      await training.release()
    }
  }
}

function tensor(dims: readonly number[], data: Float32Array): Tensor {
  return { type: 'float32', dims, data }
}

function values({ data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data
  throw new AnchorageError('internal', 'The projector answered in another form than its graph says.')
}
