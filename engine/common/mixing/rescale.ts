/** Eq. 6, and what else is done to found vectors before they are handed out: the mean put back where anchors are centred. */
import { z } from 'zod'

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

export const finishSchema = z.discriminatedUnion('kind', [
  /** Handed out as they were found. */
  z.object({ kind: z.literal('as-found') }),
  /** Eq. 6. */
  z.object({ kind: z.literal('statistics'), mean: z.number(), standardDeviation: z.number() }),
  /** `ā`, the mean of the target's anchors `[e]`, and `L`, their mean length less it; null: lengths as found. */
  z.object({
    kind: z.literal('centred'),
    mean: z.instanceof(Float64Array),
    meanLength: z.number().nullable()
  })
])
/** What is done to the found vectors of one prompt. */
export type Finish = z.infer<typeof finishSchema>

/**
 * Finishes one prompt `[m, e]` in place: nothing, Eq. 6, or, where anchors are centred, `s·x_i + ā` with
 * `s = L / mean_i |x_i|` (`s = 1` without rescaling). That is Eq. 6 with the mean put back: it scales all vectors of the
 * prompt by one factor, to the mean length of what they were found among.
 */
export function finishInPlace(values: Float32Array | Float64Array, columns: number, finish: Finish): void {
  switch (finish.kind) {
    case 'as-found':
      return
    case 'statistics':
      rescaleInPlace(values, finish)
      return
    case 'centred': {
      const { mean, meanLength } = finish
      const own = meanRowLength(values, columns)
      const scale = meanLength === null || own === 0 ? 1 : meanLength / own
      for (let i = 0; i < values.length; i++) values[i] = values[i] * scale + mean[i % columns]
    }
  }
}

/** The mean of the Euclidean lengths of the rows of `values [n, columns]`. */
export function meanRowLength(values: ArrayLike<number>, columns: number): number {
  let total = 0
  for (let start = 0; start < values.length; start += columns) {
    let squares = 0
    for (let i = start; i < start + columns; i++) squares += values[i] ** 2
    total += Math.sqrt(squares)
  }
  return (total * columns) / values.length
}
