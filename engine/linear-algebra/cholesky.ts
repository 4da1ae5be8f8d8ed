/**
 * Cholesky factors of symmetric positive definite matrices, in float64. Written here because ml-matrix's take
 * ten times as long at 1024 × 1024: panels are factorised in place, and what they leave to the rest of the
 * matrix is one product of onnxruntime's each.
 */
import type { Dense } from './dense.ts'
import { doubleProducts } from './products.ts'

/** `L` of `L Lᵀ = G + shift·I` in the lower triangle, and `Lᵀ` in the upper: row-major, `[size, size]`. */
export type Factor = { size: number; triangles: Float64Array }

const panelWidth = 128

/** `Σ a[from + k]·b[other + k]` over `length` numbers: four sums keep the processor busy. */
function dotAt(a: Float64Array, from: number, b: Float64Array, other: number, length: number): number {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let k = 0
  for (; k + 3 < length; k += 4) {
    sum0 += a[from + k] * b[other + k]
    sum1 += a[from + k + 1] * b[other + k + 1]
    sum2 += a[from + k + 2] * b[other + k + 2]
    sum3 += a[from + k + 3] * b[other + k + 3]
  }
  for (; k < length; k++) sum0 += a[from + k] * b[other + k]
  return sum0 + sum1 + sum2 + sum3
}

/**
 * Factorises `matrix + shift·I`, `[size, size]`, of which the lower triangle is read.
 * Answers null when it is not positive definite to working precision: a pivot falls to the rounding error
 * of the sums that made it.
 */
export async function factorise(matrix: Float64Array, size: number, shift: number): Promise<Factor | null> {
  const lower = new Float64Array(matrix)
  let largest = 0
  for (let i = 0; i < size; i++) {
    lower[i * size + i] += shift
    largest = Math.max(largest, lower[i * size + i])
  }
  const smallestPivot = 4 * size * Number.EPSILON * largest
  for (let start = 0; start < size; start += panelWidth) {
    const end = Math.min(size, start + panelWidth)
    if (!factorisePanel(lower, size, start, end, smallestPivot)) return null
    if (end < size) await subtractPanel(lower, size, start, end)
  }
  mirror(lower, size)
  return { size, triangles: lower }
}

/** Columns `start` to `end` of the factor, from rows that earlier panels were subtracted from. */
function factorisePanel(
  lower: Float64Array,
  size: number,
  start: number,
  end: number,
  smallestPivot: number
): boolean {
  for (let i = start; i < size; i++) {
    const row = i * size
    for (let j = start; j < Math.min(i, end); j++) {
      const other = j * size
      const known = dotAt(lower, row + start, lower, other + start, j - start)
      lower[row + j] = (lower[row + j] - known) / lower[other + j]
    }
    if (i >= end) continue
    const pivot = lower[row + i] - dotAt(lower, row + start, lower, row + start, i - start)
    if (!(pivot > smallestPivot)) return false
    lower[row + i] = Math.sqrt(pivot)
  }
  return true
}

/** Takes `P Pᵀ` of a finished panel `P [size − end, end − start]` from the rows and columns after it. */
async function subtractPanel(lower: Float64Array, size: number, start: number, end: number): Promise<void> {
  const [rows, columns] = [size - end, end - start]
  const panel = { rows, columns, data: new Float64Array(rows * columns) }
  for (let i = 0; i < rows; i++) {
    const row = (end + i) * size
    panel.data.set(lower.subarray(row + start, row + end), i * columns)
  }
  const { data: product } = await doubleProducts.timesTransposed(panel, panel)
  for (let i = 0; i < rows; i++) {
    const row = (end + i) * size + end
    for (let j = 0; j <= i; j++) lower[row + j] -= product[i * rows + j]
  }
}

/** Writes `Lᵀ` above the diagonal, so that both directions of a solve read along rows. */
function mirror(lower: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) lower[j * size + i] = lower[i * size + j]
}

/** Solves `L Lᵀ x = b` for every row of `vectors [n, size]`; the solutions take their place. */
export function solveInPlace(factor: Factor, vectors: Dense): void {
  solveLowerInPlace(factor, vectors)
  solveUpperInPlace(factor, vectors)
}

/**
 * Solves `L y = b` for every row of `vectors [n, size]`; the solutions take their place. Each row of the factor,
 * which is larger than the processor's cache, is read once for all vectors.
 */
export function solveLowerInPlace({ size, triangles }: Factor, { rows, data }: Dense): void {
  for (let i = 0; i < size; i++) {
    const row = i * size
    for (let at = 0; at < rows * size; at += size)
      data[at + i] = (data[at + i] - dotAt(triangles, row, data, at, i)) / triangles[row + i]
  }
}

/** Solves `Lᵀ x = y` likewise. */
function solveUpperInPlace({ size, triangles }: Factor, { rows, data }: Dense): void {
  for (let i = size - 1; i >= 0; i--) {
    const row = i * size
    const after = size - i - 1
    for (let at = 0; at < rows * size; at += size) {
      const known = dotAt(triangles, row + i + 1, data, at + i + 1, after)
      data[at + i] = (data[at + i] - known) / triangles[row + i]
    }
  }
}
