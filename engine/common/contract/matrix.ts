/** A dense row-major float32 matrix: the form in which prompts, tables and codes travel. */
import { z } from 'zod'
import { AnchorageError } from './errors.ts'

export const matrixSchema = z
  .object({
    rows: z.int().nonnegative(),
    columns: z.int().nonnegative(),
    data: z.custom<Float32Array>((value) => value instanceof Float32Array)
  })
  .refine((matrix) => matrix.data.length === matrix.rows * matrix.columns, {
    error: 'the data is not rows × columns long'
  })

/** `[rows, columns]`; element (i, j) is `data[i * columns + j]`. */
export type Matrix = z.infer<typeof matrixSchema>

/** A view on row `index` of a matrix: `[columns]`, not a copy. */
export function row(matrix: Matrix, index: number): Float32Array {
  return matrix.data.subarray(index * matrix.columns, (index + 1) * matrix.columns)
}

/** The rows with the given indices, in that order: `[indices.length, columns]`, a copy. */
export function gatherRows(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  const { columns } = matrix
  const data = new Float32Array(indices.length * columns)
  for (let i = 0; i < indices.length; i++) data.set(row(matrix, indices[i]), i * columns)
  return { rows: indices.length, columns, data }
}

/** The columns with the given indices, in that order: `[rows, indices.length]`, a copy. */
export function gatherColumns(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  const data = new Float32Array(matrix.rows * indices.length)
  for (let i = 0; i < matrix.rows; i++) {
    const [own, start] = [row(matrix, i), i * indices.length]
    for (let j = 0; j < indices.length; j++) data[start + j] = own[indices[j]]
  }
  return { rows: matrix.rows, columns: indices.length, data }
}

/** The rows from `start` to `end`, or to the last: a view. */
export function rowRange({ rows, columns, data }: Matrix, start: number, end: number): Matrix {
  const count = Math.min(end, rows) - start
  return { rows: count, columns, data: data.subarray(start * columns, (start + count) * columns) }
}

/**
 * Refuses NaN and infinities by naming the first row and column that holds one.
 * @param firstRow what the first row is called
 */
export function requireFinite(matrix: Matrix, name: string, firstRow = 0): void {
  const { data } = matrix
  // A plain loop: tables are large, and a callback per value takes five times as long.
  let at = 0
  while (at < data.length && Number.isFinite(data[at])) at++
  if (at === data.length) return
  const [i, j] = [firstRow + Math.floor(at / matrix.columns), at % matrix.columns]
  throw new AnchorageError('bad-value', `${name} holds a value that is not a finite number.`, {
    where: `${name}, row ${i}, column ${j}`,
    found: String(data[at]),
    expected: 'finite numbers only',
    next: 'Check how the file was made; values like this come from diverged training or a damaged file.'
  })
}
