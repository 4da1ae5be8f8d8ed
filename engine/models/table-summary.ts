/**
 * What is computed of an embedding table while it is read: its fingerprint, and mean and standard deviation
 * of the rows in use (Eq. 6). Each piece is worked on while the next comes from the disk, the hash of a large table in a
 * thread of its own. Which rows are in use may be known later: moments are kept row by row.
 */
import { type Matrix, requireFinite } from '#engine/common/contract/matrix.ts'
import { rangeHash } from '#engine/files/range-hash.ts'
import type { OnRows, StoredTensor } from '#engine/files/stored-tensor.ts'
import { type StreamedHash, streamedHash, worthThread } from '#engine/files/thread-hash.ts'

/** What is known of a table. */
export type FoundTable = {
  /** SHA-256, in hexadecimal, of the table as little-endian float32 values. */
  readonly fingerprint: string
  /** Rows of zeros, ascending; undefined where that is not known. */
  readonly zeroRows: readonly number[] | undefined
  /**
   * Population statistics over all values of the rows in use; 0 where there are none.
   * @param usedRows their ids, ascending
   */
  readonly statistics: (usedRows: readonly number[]) => TableStatistics
}

/** What is known of a table once it was read. */
export type ReadTable = FoundTable & { readonly zeroRows: readonly number[] }

type TableStatistics = { readonly mean: number; readonly standardDeviation: number }

/** Of each row the mean of its values, and the sum of their squared differences from it. */
type RowMoments = {
  readonly columns: number
  readonly means: Float64Array
  readonly squares: Float64Array
}

/**
 * Reads a table whole.
 * @throws `bad-value` for the first value that is NaN or infinite, `cancelled`
 */
export async function readTable(
  tensor: StoredTensor,
  signal?: AbortSignal
): Promise<ReadTable & { readonly table: Matrix }> {
  const [rows, columns] = tensor.shape
  return await summarised(tensor, streamedHash(tableBytes(tensor)), async (take) => {
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
  onRows: (rows: Float32Array, first: number) => void,
  signal?: AbortSignal
): Promise<ReadTable> {
  return await visited(tensor, streamedHash(tableBytes(tensor)), onRows, signal)
}

/**
 * What is known of a table, for who computes nothing with it: where its file holds it as it is, a thread reads and hashes
 * it, and this one may do other work. Its statistics are then of a second reading: who computes with the table compares
 * fingerprint and statistics with those of what it reads.
 * @throws as {@link readTable}
 */
export async function surveyTable(tensor: StoredTensor, signal?: AbortSignal): Promise<ReadTable> {
  const { dtype, file, offset } = tensor
  const bytes = tableBytes(tensor)
  const isAsStored = dtype === 'F32' && offset !== undefined && bytes >= worthThread
  const hash = isAsStored ? rangeHash(file, offset, bytes) : streamedHash(bytes)
  return await visited(tensor, hash, () => {}, signal)
}

function tableBytes({ shape: [rows, columns] }: StoredTensor): number {
  return 4 * rows * columns
}

async function visited(
  tensor: StoredTensor,
  hash: StreamedHash,
  onRows: (rows: Float32Array, first: number) => void,
  signal?: AbortSignal
): Promise<ReadTable> {
  return await summarised(tensor, hash, async (take) => {
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
  hash: StreamedHash,
  read: (take: OnRows) => Promise<Read>
): Promise<ReadTable & Read> {
  const [rows, columns] = tensor.shape
  const moments = { columns, means: new Float64Array(rows), squares: new Float64Array(rows) }
  const zeroRows: number[] = []
  const take: OnRows = async (values, first) => {
    await hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    takeRows(values, first, moments)
    for (let start = 0; start < values.length; start += columns) {
      const id = first + start / columns
      if (!Number.isFinite(moments.means[id])) refuseRow(tensor, values.subarray(start, start + columns), id)
      if (isZero(values, start, columns)) zeroRows.push(id)
    }
  }
  try {
    const found = await read(take)
    return {
      ...found,
      zeroRows,
      fingerprint: await hash.digest(),
      statistics: (usedRows) => joinedMoments(moments, usedRows)
    }
  } finally {
    await hash.end()
  }
}

/** The moments of rows in use, joined one by one (Chan et al.): exact where sums of squares would cancel. */
function joinedMoments(
  { columns, means, squares }: RowMoments,
  usedRows: readonly number[]
): TableStatistics {
  let [count, mean, sum] = [0, 0, 0]
  for (const row of usedRows) {
    const joined = count + columns
    const difference = means[row] - mean
    sum += squares[row] + (difference * difference * count * columns) / joined
    mean += (difference * columns) / joined
    count = joined
  }
  return { mean, standardDeviation: Math.sqrt(sum / Math.max(1, count)) }
}

function isZero(values: Float32Array, start: number, columns: number): boolean {
  let at = start
  while (at < start + columns && values[at] === 0) at++
  return at === start + columns
}

/** Adds the moments of rows, each as differences from the mean of the row before. */
function takeRows(values: Float32Array, first: number, { columns, means, squares }: RowMoments): void {
  for (let start = 0, id = first; start < values.length; start += columns, id++) {
    const row = momentsOf(values, start, columns, id > 0 ? means[id - 1] : values[start])
    means[id] = row.mean
    squares[id] = row.squares
  }
}

/** A sum of finite float32 values is finite in float64, so it tells whether all are. */
function refuseRow({ file, name }: StoredTensor, row: Float32Array, id: number): never {
  requireFinite({ rows: 1, columns: row.length, data: row }, `${file}, tensor ${name}`, id)
  throw new Error('a row of finite values has a sum that is not finite')
}

/**
 * The moments of a row in one pass, as differences from a number near its mean, so that nothing cancels. Two
 * sums of each kind side by side: one alone would wait for each addition before the next.
 */
function momentsOf(
  values: Float32Array,
  start: number,
  columns: number,
  near: number
): { readonly mean: number; readonly squares: number } {
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
    mean: near + total / columns,
    squares: squares + otherSquares - (total * total) / columns
  }
}
