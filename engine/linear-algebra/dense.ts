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
export function toMatrix(dense: Dense): Matrix {
  return { rows: dense.rows, columns: dense.columns, data: new Float32Array(dense.data) }
}

/** A view on row `index`, `[columns]`. */
export function denseRow(dense: Dense, index: number): Float64Array {
  return dense.data.subarray(index * dense.columns, (index + 1) * dense.columns)
}

/** The columns with the given indices: a copy, `[rows, indices.length]`. */
export function denseColumns({ rows, columns, data }: Dense, indices: ArrayLike<number>): Dense {
  const gathered = zeros(rows, indices.length)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < indices.length; j++)
      gathered.data[i * indices.length + j] = data[i * columns + indices[j]]
  return gathered
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
export function transpose({ rows, columns, data }: Dense): Dense {
  const transposed = zeros(columns, rows)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) transposed.data[j * rows + i] = data[i * columns + j]
  return transposed
}

/** The Euclidean length of every row, `[rows]`. */
export function rowLengths(matrix: { rows: number; columns: number; data: ArrayLike<number> }): Float64Array {
  const { rows, columns, data } = matrix
  const lengths = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    let sum = 0
    for (let j = i * columns; j < (i + 1) * columns; j++) sum += data[j] * data[j]
    lengths[i] = Math.sqrt(sum)
  }
  return lengths
}

/** Every row divided by its length, which for an exact search is arbitrary: a copy. A zero row stays zero. */
export function unitRows(dense: Dense): Dense {
  const lengths = rowLengths(dense)
  const { columns } = dense
  const data = dense.data.map((value, at) => value / (lengths[Math.floor(at / columns)] || 1))
  return { ...dense, data }
}
