/** Cases of activation functions, softmax and layer normalisation. */
import type { GradientCase } from '../finite-differences.ts'
import { unary } from './elementwise-cases.ts'
import { everyOpset } from './graph-words.ts'

/** The error function to float64 precision by its power series, for |x| up to 3. */
function errorFunction(x: number): number {
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

const gelus: GradientCase[] = [
  {
    title: 'by erf',
    opsets: [20],
    floats: [{ shape: [3, 4] }],
    build: (graph, [x]) => [graph.node('Gelu', [x])],
    elementwise: (x) => (x / 2) * (1 + errorFunction(x / Math.SQRT2))
  },
  {
    title: 'by tanh',
    opsets: [20],
    floats: [{ shape: [3, 4] }],
    build: (graph, [x]) => [graph.node('Gelu', [x], { approximate: { string: 'tanh' } })],
    elementwise: (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
  }
]

function softmaxes(operator: string): GradientCase[] {
  const along = (axis: number | undefined, shape: number[]): GradientCase => ({
    title: `axis ${axis ?? 'not given'} of [${shape}]`,
    opsets: everyOpset,
    floats: [{ shape }],
    build: (graph, [x]) => [graph.node(operator, [x], axis === undefined ? {} : { axis: { int: axis } })]
  })
  return [
    along(-1, [2, 3, 4]),
    along(1, [2, 3, 4]),
    along(0, [3, 2]),
    along(-2, [2, 3, 2]),
    along(undefined, [2, 2, 3])
  ]
}

const layerNorms: GradientCase[] = [
  { axis: -1, shape: [2, 3, 5], normalised: [5] },
  { axis: 1, shape: [2, 3, 4], normalised: [3, 4] },
  { axis: -2, shape: [3, 2, 4], normalised: [2, 4] }
].flatMap(({ axis, shape, normalised }) =>
  [true, false].map(
    (hasBias): GradientCase => ({
      title: `axis ${axis} of [${shape}] ${hasBias ? 'with' : 'without'} bias`,
      opsets: [17, 20],
      floats: [{ shape }, { shape: normalised }, ...(hasBias ? [{ shape: normalised }] : [])],
      build: (graph, inputs) => [
        graph.node('LayerNormalization', inputs, { axis: { int: axis }, epsilon: { float: 1e-3 } })
      ]
    })
  )
)

export const activationCases: Readonly<Record<string, readonly GradientCase[]>> = {
  Erf: unary('Erf').map((gradientCase) => ({ ...gradientCase, elementwise: errorFunction })),
  Gelu: gelus,
  LayerNormalization: layerNorms,
  LogSoftmax: softmaxes('LogSoftmax'),
  Relu: unary('Relu'),
  Sigmoid: unary('Sigmoid'),
  Softmax: softmaxes('Softmax'),
  Tanh: unary('Tanh')
}
