/**
 * What is computed of an embedding table while it is read: its fingerprint, and mean and standard deviation
 * of the rows in use (Eq. 6). Each piece is worked on while the next comes from the disk.
 */
import { createHash } from 'node:crypto'
import { type Matrix, requireFinite } from '../contract/matrix.ts'
import type { StoredTensor } from '../files/stored-tensor.ts'

export type SummarisedTable = {
  /** `[rows, e]`. */
  readonly table: Matrix
  /** SHA-256, in hexadecimal, of the table as little-endian float32 values. */
  readonly fingerprint: string
  /** Population statistics over all values of the rows in use; 0 where there are none. */
  readonly mean: number
  readonly standardDeviation: number
}

/**
 * Reads a table and summarises it.
 * @param isUsed whether the statistics count a row
 * @throws `bad-value` for the first value that is NaN or infinite, `cancelled`
 */
export async function readTable(
  tensor: StoredTensor,
  isUsed: (row: number) => boolean,
  signal?: AbortSignal
): Promise<SummarisedTable> {
  const [rows, columns] = tensor.shape
  const hash = createHash('sha256')
  const moments = { count: 0, mean: 0, squares: 0 }
  let [hashed, summed] = [0, 0]
  const summarise = (values: Float32Array, ready: number): void => {
    hash.update(new Uint8Array(values.buffer, hashed * 4, (ready - hashed) * 4))
    hashed = ready
    for (; summed < rows && (summed + 1) * columns <= ready; summed++) {
      const row = values.subarray(summed * columns, (summed + 1) * columns)
      const mean = sumOf(row) / columns
      if (!Number.isFinite(mean)) refuseRow(tensor, values)
      if (isUsed(summed)) addRow(moments, row, mean)
    }
  }
  const data = await tensor.read(signal, summarise)
  return {
    table: { rows, columns, data },
    fingerprint: hash.digest('hex'),
    mean: moments.mean,
    standardDeviation: Math.sqrt(moments.squares / Math.max(1, moments.count))
  }
}

/** A sum of finite float32 values is finite in float64, so it tells whether all are. */
function refuseRow(tensor: StoredTensor, values: Float32Array): never {
  const [rows, columns] = tensor.shape
  requireFinite({ rows, columns, data: values }, `${tensor.file}, tensor ${tensor.name}`)
  throw new Error('a row of finite values has a sum that is not finite')
}

/** Four sums side by side: one alone would wait for each addition before the next. */
function sumOf(row: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  let i = 0
  for (; i + 3 < row.length; i += 4) {
    a += row[i]
    b += row[i + 1]
    c += row[i + 2]
    d += row[i + 3]
  }
  for (; i < row.length; i++) a += row[i]
  return a + b + (c + d)
}

type Moments = {
  /** Values so far. */
  count: number
  mean: number
  /** Sum of squared differences from the mean. */
  squares: number
}

/** Joins the moments of a row to those so far (Chan et al.): exact where sums of squares would cancel. */
function addRow(moments: Moments, row: Float32Array, mean: number): void {
  let squares = 0
  for (let i = 0; i < row.length; i++) {
    const difference = row[i] - mean
    squares += difference * difference
  }
  const count = moments.count + row.length
  const difference = mean - moments.mean
  moments.squares += squares + (difference * difference * moments.count * row.length) / count
  moments.mean += (difference * row.length) / count
  moments.count = count
}
