/**
 * What is computed of an embedding table while it is read: its fingerprint, and mean and standard deviation
 * of the rows in use (Eq. 6). Each piece is worked on while the next comes from the disk, the hash of a large table in a
 * thread of its own.
 */
import { type Matrix, requireFinite } from '#engine/common/contract/matrix.ts'
import type { OnRows, StoredTensor } from '#engine/files/stored-tensor.ts'
import { streamedHash } from '#engine/files/thread-hash.ts'

export type TableSummary = {
  /** SHA-256, in hexadecimal, of the table as little-endian float32 values. */
  readonly fingerprint: string
  /** Population statistics over all values of the rows in use; 0 where there are none. */
  readonly mean: number
  readonly standardDeviation: number
}

/** A table with what is known of it once it was read. */
export type ReadTable = TableSummary & {
  /** Rows of zeros, ascending. */
  readonly zeroRows: readonly number[]
}

/**
 * Reads a table whole.
 * @param isUsed whether the statistics count a row
 * @throws `bad-value` for the first value that is NaN or infinite, `cancelled`
 */
export async function readTable(
  tensor: StoredTensor,
  isUsed: (row: number) => boolean,
  signal?: AbortSignal
): Promise<ReadTable & { readonly table: Matrix }> {
  const [rows, columns] = tensor.shape
  return await summarised(tensor, isUsed, async (take) => {
    let done = 0
    const data = await tensor.read(signal, async (values, ready) => {
      const whole = Math.floor(ready / Math.max(1, columns))
      await take(values.subarray(done * columns, whole * columns), done)
      done = whole
    })
    return { table: { rows, columns, data } }
  })
}

/**
 * Reads a table without memory for the whole, where it is stored so that this can be.
 * @param onRows is told of consecutive rows, from row `first` on, in memory that will hold others
 * @throws as {@link readTable}
 */
export async function visitTable(
  tensor: StoredTensor,
  isUsed: (row: number) => boolean,
  onRows: (rows: Float32Array, first: number) => void,
  signal?: AbortSignal
): Promise<ReadTable> {
  return await summarised(tensor, isUsed, async (take) => {
    const visit = async (rows: Float32Array, first: number): Promise<void> => {
      await take(rows, first)
      onRows(rows, first)
    }
    if (tensor.visit === undefined) await visit(await tensor.read(signal), 0)
    else await tensor.visit(visit, signal)
    return {}
  })
}

/** What a table is found to be while `read` hands its rows over, from the first on. */
async function summarised<Read>(
  tensor: StoredTensor,
  isUsed: (row: number) => boolean,
  read: (take: OnRows) => Promise<Read>
): Promise<ReadTable & Read> {
  const [rows, columns] = tensor.shape
  const hash = streamedHash(4 * rows * columns)
  const moments: Moments = { count: 0, mean: 0, squares: 0 }
  const zeroRows: number[] = []
  const take: OnRows = async (values, first) => {
    await hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    for (let start = 0; start < values.length; start += columns) {
      const id = first + start / columns
      const row = rowMoments(values, start, columns, moments.count > 0 ? moments.mean : values[start])
      if (!Number.isFinite(row.mean)) refuseRow(tensor, values.subarray(start, start + columns), id)
      if (isUsed(id)) join(moments, row)
      if (isZero(values, start, columns)) zeroRows.push(id)
    }
  }
  try {
    const found = await read(take)
    return {
      ...found,
      zeroRows,
      fingerprint: await hash.digest(),
      mean: moments.mean,
      standardDeviation: Math.sqrt(moments.squares / Math.max(1, moments.count))
    }
  } finally {
    await hash.end()
  }
}

function isZero(values: Float32Array, start: number, columns: number): boolean {
  let at = start
  while (at < start + columns && values[at] === 0) at++
  return at === start + columns
}

/** A sum of finite float32 values is finite in float64, so it tells whether all are. */
function refuseRow({ file, name }: StoredTensor, row: Float32Array, id: number): never {
  requireFinite({ rows: 1, columns: row.length, data: row }, `${file}, tensor ${name}`, id)
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
