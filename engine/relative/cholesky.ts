/**
 * Cholesky factors of symmetric positive definite matrices, in float64. Written here because the loops
 * over one flat array are 3.5 times as fast at 1024 × 1024 as ml-matrix's (docs/decisions.md).
 */

/** The lower triangle `L` of `L Lᵀ = G + shift·I`, row-major `[size, size]`; the upper triangle is unused. */
export type Factor = { size: number; lower: Float64Array }

/** The scalar product of `length` numbers of one array from two places: four sums keep the processor busy. */
function dotWithin(data: Float64Array, from: number, other: number, length: number): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  let k = 0
  for (; k + 3 < length; k += 4) {
    a += data[from + k] * data[other + k]
    b += data[from + k + 1] * data[other + k + 1]
    c += data[from + k + 2] * data[other + k + 2]
    d += data[from + k + 3] * data[other + k + 3]
  }
  for (; k < length; k++) a += data[from + k] * data[other + k]
  return a + b + c + d
}

/**
 * Factorises `matrix + shift·I`, `[size, size]`, of which the lower triangle is read.
 * Answers null when it is not positive definite to working precision: a pivot falls to the rounding error
 * of the sums that made it.
 */
export function factorise(matrix: Float64Array, size: number, shift: number): Factor | null {
  const lower = new Float64Array(size * size)
  let largest = 0
  for (let i = 0; i < size; i++) largest = Math.max(largest, matrix[i * size + i] + shift)
  const smallestPivot = 4 * size * Number.EPSILON * largest
  for (let i = 0; i < size; i++) {
    const row = i * size
    for (let j = 0; j < i; j++) {
      const other = j * size
      lower[row + j] = (matrix[row + j] - dotWithin(lower, row, other, j)) / lower[other + j]
    }
    const pivot = matrix[row + i] + shift - dotWithin(lower, row, row, i)
    if (!(pivot > smallestPivot)) return null
    lower[row + i] = Math.sqrt(pivot)
  }
  return { size, lower }
}

/** Solves `L Lᵀ x = b`; `x` takes the place of `b`, `[size]`. */
export function solveInPlace({ size, lower }: Factor, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const row = i * size
    let sum = b[i]
    for (let j = 0; j < i; j++) sum -= lower[row + j] * b[j]
    b[i] = sum / lower[row + i]
  }
  for (let i = size - 1; i >= 0; i--) {
    const row = i * size
    const value = b[i] / lower[row + i]
    b[i] = value
    for (let j = 0; j < i; j++) b[j] -= value * lower[row + j]
  }
}
