/** The network of appendix A.2 in plain float64 loops: what the engine's graphs are compared with. */
import type { Rows } from './reference-method.ts'

/** In the layout of the engine's parameters. */
export type PlainParameters = {
  hiddenWeights: number[]
  hiddenBias: number[]
  outputWeights: number[]
  outputBias: number[]
}

const layer = (weights: number[], bias: number[], x: number[]): number[] =>
  bias.map((b, i) => x.reduce((sum, value, j) => sum + value * weights[i * x.length + j], b))

/** Eq. 8 with PyTorch's leaky ReLU. */
export const projectRow = (own: PlainParameters, vector: number[]): number[] => {
  const hidden = layer(own.hiddenWeights, own.hiddenBias, vector).map((x) => (x > 0 ? x : 0.01 * x))
  return layer(own.outputWeights, own.outputBias, hidden)
}

/** Eq. 9 as PyTorch's `MSELoss` takes it: the mean over all values. */
export function meanSquaredErrorOf(own: PlainParameters, source: Rows, target: Rows): number {
  const differences = source.flatMap((vector, i) =>
    projectRow(own, vector).map((value, j) => value - target[i][j])
  )
  return differences.reduce((sum, value) => sum + value ** 2, 0) / differences.length
}

/** The gradient of the loss by central differences. */
export function gradientOf(own: PlainParameters, source: Rows, target: Rows): PlainParameters {
  const nudge = 1e-6
  const slopes = (name: keyof PlainParameters): number[] =>
    own[name].map((value, at) => {
      const lossAt = (nudged: number) =>
        meanSquaredErrorOf({ ...own, [name]: own[name].with(at, nudged) }, source, target)
      return (lossAt(value + nudge) - lossAt(value - nudge)) / (2 * nudge)
    })
  return {
    hiddenWeights: slopes('hiddenWeights'),
    hiddenBias: slopes('hiddenBias'),
    outputWeights: slopes('outputWeights'),
    outputBias: slopes('outputBias')
  }
}
