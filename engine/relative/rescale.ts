/** Eq. 6: gives found values the mean and standard deviation of the target's embedding table. */
import type { Dense } from './dense.ts'

/** Scalar population statistics over all values of a table. */
export type Statistics = { mean: number; standardDeviation: number }

/** Population mean and standard deviation over all values. */
export function statisticsOf(values: ArrayLike<number>): Statistics {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  const mean = sum / values.length
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2
  return { mean, standardDeviation: Math.sqrt(squares / values.length) }
}

/** Eq. 6 over all values of one prompt `[m, e]`: a copy. Constant values, which have no spread, become the mean. */
export function rescale(found: Dense, target: Statistics): Dense {
  const own = statisticsOf(found.data)
  const scale = own.standardDeviation > 0 ? target.standardDeviation / own.standardDeviation : 0
  return { ...found, data: found.data.map((value) => (value - own.mean) * scale + target.mean) }
}

/**
 * The gradient through Eq. 6: from the gradient at the rescaled values to that at the found ones.
 * With `z` the standardised values, `∂L/∂x = σ/σ_x · (g − mean(g) − z · mean(g·z))`.
 */
export function rescaleGradient(found: Dense, gradient: Float64Array, target: Statistics): Float64Array {
  const own = statisticsOf(found.data)
  const count = gradient.length
  let meanGradient = 0
  let meanProduct = 0
  for (let i = 0; i < count; i++) {
    meanGradient += gradient[i] / count
    meanProduct += (gradient[i] * ((found.data[i] - own.mean) / own.standardDeviation)) / count
  }
  const scale = target.standardDeviation / own.standardDeviation
  return gradient.map((value, i) => {
    const standardised = (found.data[i] - own.mean) / own.standardDeviation
    return scale * (value - meanGradient - standardised * meanProduct)
  })
}
