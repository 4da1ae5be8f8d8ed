/** The network of appendix A.2 in plain float64 loops: what the engine's graphs are compared with. */
import { parameterNames, startParameters } from '#engine/baselines/projector-network.ts'
import type { BaselineMethod } from '#engine/common/contract/baselines.ts'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import type { Rows } from './reference-method.ts'

/** In the layout of the engine's parameters. */
export type PlainParameters = {
  hiddenWeights: number[]
  hiddenBias: number[]
  outputWeights: number[]
  outputBias: number[]
}

function layer(weights: number[], bias: number[], x: number[]): number[] {
  return bias.map((b, i) => {
    let sum = b
    for (let j = 0; j < x.length; j++) sum += x[j] * weights[i * x.length + j]
    return sum
  })
}

/** Eq. 8 with PyTorch's leaky ReLU. */
export const projectRow = (own: PlainParameters, vector: number[]): number[] => {
  const hidden = layer(own.hiddenWeights, own.hiddenBias, vector).map((x) => (x > 0 ? x : 0.01 * x))
  return layer(own.outputWeights, own.outputBias, hidden)
}

/** Eq. 9 as PyTorch's `MSELoss` takes it: the mean over all values. */
export function meanSquaredErrorOf(own: PlainParameters, source: Rows, target: Rows): number {
  let sum = 0
  for (const [i, vector] of source.entries())
    for (const [j, value] of projectRow(own, vector).entries()) sum += (value - target[i][j]) ** 2
  return sum / (source.length * target[0].length)
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

/**
 * The whole training once more: float64, gradients by finite differences, Adam as Kingma and Ba write it. From the
 * engine are the seeded start and order of the anchors.
 */
export function trainPlainly(
  source: Rows,
  target: Rows,
  vectors: Rows,
  settings: Extract<BaselineMethod, { kind: 'projector' }>
): { loss: number[]; vectors: Rows } {
  const { hidden, epochs, batchSize, learningRate, seed } = settings
  const uniform = seededUniform(seed)
  const start = startParameters({ source: source[0].length, hidden, target: target[0].length }, uniform)
  const own = {
    hiddenWeights: [...start.hiddenWeights],
    hiddenBias: [...start.hiddenBias],
    outputWeights: [...start.outputWeights],
    outputBias: [...start.outputBias]
  }
  const moments = new Map(parameterNames.map((name) => [name, own[name].map(() => [0, 0])]))
  const loss: number[] = []
  let steps = 0
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled([...source.keys()], uniform)
    for (let at = 0; at < order.length; at += batchSize) {
      const batch = order.slice(at, at + batchSize)
      const rowsOf = (rows: number[][]) => batch.map((index) => rows[index])
      const gradient = gradientOf(own, rowsOf(source), rowsOf(target))
      steps++
      for (const name of parameterNames)
        own[name] = own[name].map((value, i) => {
          const pair = moments.get(name)?.[i] ?? []
          pair[0] = 0.9 * pair[0] + 0.1 * gradient[name][i]
          pair[1] = 0.999 * pair[1] + 0.001 * gradient[name][i] ** 2
          const [mean, square] = [pair[0] / (1 - 0.9 ** steps), pair[1] / (1 - 0.999 ** steps)]
          return value - (learningRate * mean) / (Math.sqrt(square) + 1e-8)
        })
    }
    loss.push(meanSquaredErrorOf(own, source, target))
  }
  return { loss, vectors: vectors.map((vector) => projectRow(own, vector)) }
}
