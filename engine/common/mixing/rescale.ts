/** Eq. 6: gives found values the mean and standard deviation of the target's embedding table. */

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

/**
 * Eq. 6 over all values of one prompt, `σ/σ_x · (x − mean(x)) + μ`. Constant values, which have no spread, become
 * the mean.
 */
export function rescaleInPlace(values: Float32Array | Float64Array, target: Statistics): void {
  const own = statisticsOf(values)
  const scale = own.standardDeviation > 0 ? target.standardDeviation / own.standardDeviation : 0
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - own.mean) * scale + target.mean
}
