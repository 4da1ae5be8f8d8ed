/** Float64 matrices: the form in which the small algebra of the method is done. */
import type { Matrix } from '#engine/common/contract/matrix.ts'

/** `[rows, columns]`, row-major, in float64. */
export type Dense = { rows: number; columns: number; data: Float64Array }

/** A matrix of zeros, `[rows, columns]`. */
export function zeros(rows: number, columns: number): Dense {
  return { rows, columns, data: new Float64Array(rows * columns) }
}

/** A float64 copy. */
export function toDense(matrix: Matrix): Dense {
  return { rows: matrix.rows, columns: matrix.columns, data: new Float64Array(matrix.data) }
}

/** A float32 copy. */
export function toMatrix({ rows, columns, data }: Dense | Matrix): Matrix {
  return { rows, columns, data: new Float32Array(data) }
}

/** A view on row `index`, `[columns]`. */
export function denseRow(dense: Dense, index: number): Float64Array {
  return dense.data.subarray(index * dense.columns, (index + 1) * dense.columns)
}

/** The rows from `start` to `end`: a view. */
export function denseRows({ columns, data }: Dense, start: number, end: number): Dense {
  return { rows: end - start, columns, data: data.subarray(start * columns, end * columns) }
}

/** The scalar product of two vectors of one length. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** `y += factor · x`, in place. */
export function addScaled(y: Float64Array, factor: number, x: ArrayLike<number>): void {
  for (let i = 0; i < y.length; i++) y[i] += factor * x[i]
}

/** The transposed matrix: a copy, `[columns, rows]`. */
export function transpose(matrix: Dense): Dense {
  const transposed = zeros(matrix.columns, matrix.rows)
  transposeInto(matrix, transposed)
  return transposed
}

/** Writes the transposed matrix into another, `[columns, rows]`, in squares that fill whole lines of the processor's cache. */
export function transposeInto({ rows, columns, data }: Dense | Matrix, transposed: Dense | Matrix): void {
  const square = 8
  for (let top = 0; top < rows; top += square)
    for (let left = 0; left < columns; left += square)
      for (let i = top; i < Math.min(rows, top + square); i++)
        for (let j = left; j < Math.min(columns, left + square); j++)
          transposed.data[j * rows + i] = data[i * columns + j]
}

/** The Euclidean length of every row of a matrix, summed in float64: `[rows]`. */
export function rowLengths({ rows, columns, data }: Matrix): Float64Array<ArrayBuffer> {
  const lengths = new Float64Array(rows)
  for (let i = 0; i < rows; i++) lengths[i] = Math.sqrt(squaresOf(data, i * columns, (i + 1) * columns))
  return lengths
}

/**
 * The sum of the squares from `start` to `end`. Four sums keep the processor busy; whole tables pass here, which an
 * array of one type alone does twice as fast as one of several.
 */
function squaresOf(data: Float32Array, start: number, end: number): number {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let j = start
  for (; j + 3 < end; j += 4) {
    const a = data[j]
    const b = data[j + 1]
    const c = data[j + 2]
    const d = data[j + 3]
    sum0 += a * a
    sum1 += b * b
    sum2 += c * c
    sum3 += d * d
  }
  for (; j < end; j++) sum0 += data[j] * data[j]
  return sum0 + sum1 + sum2 + sum3
}

/** The Euclidean length of every row, `[rows]`. */
export function denseRowLengths(dense: Dense): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: dense.rows }, (_, i) => {
    const vector = denseRow(dense, i)
    return Math.sqrt(dot(vector, vector))
  })
}

/** Every row divided by its length, which for an exact search is arbitrary: a copy. A zero row stays zero. */
export function unitRows(dense: Dense): Dense {
  const copy = { ...dense, data: dense.data.slice() }
  makeUnit(copy)
  return copy
}

/** The same in place: the copy of a large matrix would wait for the garbage collector. */
export function makeUnit(dense: Dense): void {
  for (const [i, length] of denseRowLengths(dense).entries()) {
    if (length === 0) continue
    const row = denseRow(dense, i)
    for (let j = 0; j < row.length; j++) row[j] /= length
  }
}
