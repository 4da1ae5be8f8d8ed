/**
 * Mixing: the exact result is linear in the weights of the sources, so each source is solved once and every
 * new set of weights is a weighted sum, cheap enough to follow a slider wherever the basis lies.
 */
import { z } from 'zod'
import { type Matrix, matrixSchema } from '#engine/common/contract/matrix.ts'
import { finishInPlace, finishSchema } from './rescale.ts'

export const mixingBasisSchema = z.object({
  /** Per source, its own solution `x_j`: `[m, e]`. */
  solutions: z.array(matrixSchema).min(1),
  /** Products per vector, `[m, S, S]`: unit source code `u_j` with the target code `y_l = M Â x_l`. */
  agreement: z.instanceof(Float64Array),
  /** `y_j · y_l`, `[m, S, S]`. */
  overlap: z.instanceof(Float64Array),
  /** `agreement` at λ = 0, where `wᵀ E w` is the square of the optimum, `[m, S, S]`. */
  optimal: z.instanceof(Float64Array),
  /** The matching of random rows of the target's table with each source, `[m, S]`. */
  random: z.instanceof(Float64Array),
  /** Eq. 6, the target's mean put back, or nothing. */
  finish: finishSchema,
  /** λ in force. */
  ridge: z.number(),
  notes: z.array(z.string())
})
export type MixingBasis = z.infer<typeof mixingBasisSchema>

export type Mixture = {
  /** `[m, e]`, rows of length 1, finished as the basis says. */
  prompt: Matrix
  /** Per vector `Σ_j w_j cos_j`, the same of random rows of the target's table, and the share per source, `cos_j`. */
  vectors: { matching: number; random: number; perSource: number[]; upperBound: number }[]
}

/**
 * The result for one set of weights, not negative and not all zero, one per source.
 * Costs `S·m·e` multiplications: no anchor is looked at again.
 */
export function mix(basis: MixingBasis, weights: readonly number[]): Mixture {
  const { rows, columns } = basis.solutions[0]
  const data = new Float32Array(rows * columns)
  for (const [j, { data: solution }] of basis.solutions.entries())
    for (let i = 0; i < data.length; i++) data[i] += weights[j] * solution[i]
  divideByLengths(data, columns)
  finishInPlace(data, columns, basis.finish)
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0)
  const vectors = Array.from({ length: rows }, (_, i) => {
    const length = Math.sqrt(quadratic(basis.overlap, i, weights))
    const perSource = weights.map((_, j) => rowTimes(basis.agreement, i, j, weights) / length)
    const matching = perSource.reduce((sum, cosine, j) => sum + weights[j] * cosine, 0)
    const random = weights.reduce((sum, weight, j) => sum + weight * basis.random[i * weights.length + j], 0)
    return {
      matching,
      random,
      perSource,
      upperBound: Math.sqrt(quadratic(basis.optimal, i, weights)) / totalWeight
    }
  })
  return { prompt: { rows, columns, data }, vectors }
}

/** `(P_i w)_j` of the `i`-th matrix `[S, S]`. */
function rowTimes(matrices: Float64Array, i: number, j: number, weights: readonly number[]): number {
  const count = weights.length
  let sum = 0
  for (let l = 0; l < count; l++) sum += matrices[(i * count + j) * count + l] * weights[l]
  return sum
}

/** `wᵀ P_i w`. */
function quadratic(matrices: Float64Array, i: number, weights: readonly number[]): number {
  return weights.reduce((sum, weight, j) => sum + weight * rowTimes(matrices, i, j, weights), 0)
}

/** The length of a found vector is arbitrary: every row `[columns]` gets length 1 before Eq. 6. */
function divideByLengths(data: Float32Array, columns: number): void {
  for (let start = 0; start < data.length; start += columns) {
    const vector = data.subarray(start, start + columns)
    const length = Math.hypot(...vector)
    if (length > 0) for (let i = 0; i < columns; i++) vector[i] /= length
  }
}
