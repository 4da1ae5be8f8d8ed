/**
 * What is computed of an embedding table while it is read: its fingerprint, and mean and standard deviation
 * of the rows in use (Eq. 6). Each piece is worked on while the next comes from the disk, the hash of a large table in a
 * thread of its own.
 */
import { type Matrix, requireFinite } from '#engine/common/contract/matrix.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { streamedHash } from '#engine/files/thread-hash.ts'

export type TableSummary = {
  /** SHA-256, in hexadecimal, of the table as little-endian float32 values. */
  readonly fingerprint: string
  /** Population statistics over all values of the rows in use; 0 where there are none. */
  readonly mean: number
  readonly standardDeviation: number
}

export type SummarisedTable = TableSummary & {
  /** `[rows, e]`. */
  readonly table: Matrix
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
  const hash = streamedHash(4 * rows * columns)
  const moments: Moments = { count: 0, mean: 0, squares: 0 }
  let [hashed, summed] = [0, 0]
  const summarise = async (values: Float32Array, ready: number): Promise<void> => {
    await hash.update(new Uint8Array(values.buffer, hashed * 4, (ready - hashed) * 4))
    hashed = ready
    for (; summed < rows && (summed + 1) * columns <= ready; summed++) {
      const start = summed * columns
      const row = rowMoments(values, start, columns, moments.count > 0 ? moments.mean : values[start])
      if (!Number.isFinite(row.mean)) refuseRow(tensor, values)
      if (isUsed(summed)) join(moments, row)
    }
  }
  try {
    const data = await tensor.read(signal, summarise)
    return {
      table: { rows, columns, data },
      fingerprint: await hash.digest(),
      mean: moments.mean,
      standardDeviation: Math.sqrt(moments.squares / Math.max(1, moments.count))
    }
  } finally {
    await hash.end()
  }
}

/** A sum of finite float32 values is finite in float64, so it tells whether all are. */
function refuseRow(tensor: StoredTensor, values: Float32Array): never {
  const [rows, columns] = tensor.shape
  requireFinite({ rows, columns, data: values }, `${tensor.file}, tensor ${tensor.name}`)
  throw new Error('a row of finite values has a sum that is not finite')
}

type Moments = {
  /** Values so far. */
  count: number
  mean: number
  /** Sum of squared differences from the mean. */
  squares: number
}

/**
 * The moments of a row in one pass, as differences from a number near its mean, so that nothing cancels. Two
 * sums of each kind side by side: one alone would wait for each addition before the next.
 */
function rowMoments(values: Float32Array, start: number, columns: number, near: number): Moments {
  let sum = 0
  let otherSum = 0
  let squares = 0
  let otherSquares = 0
  const end = start + columns
  let i = start
  for (; i + 1 < end; i += 2) {
    const difference = values[i] - near
    const other = values[i + 1] - near
    sum += difference
    otherSum += other
    squares += difference * difference
    otherSquares += other * other
  }
  if (i < end) {
    const difference = values[i] - near
    sum += difference
    squares += difference * difference
  }
  const total = sum + otherSum
  return {
    count: columns,
    mean: near + total / columns,
    squares: squares + otherSquares - (total * total) / columns
  }
}

/** Joins the moments of a row to those so far (Chan et al.): exact where sums of squares would cancel. */
function join(moments: Moments, row: Moments): void {
  const count = moments.count + row.count
  const difference = row.mean - moments.mean
  moments.squares += row.squares + (difference * difference * moments.count * row.count) / count
  moments.mean += (difference * row.count) / count
  moments.count = count
}
