/**
 * The table of an open model: it is read when something needs it, and must then be what it was when the model was opened.
 * So nothing computes with a table whose fingerprint was not taken of the values that it computes with. Of a table that is
 * not held, rows are picked while it is read once more.
 */
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { gatherRows, type Matrix, row, rowRange } from '#engine/common/contract/matrix.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { recentResults } from '#engine/memory/recent-results.ts'
import { type FoundTable, type ReadTable, readTable, visitTable } from './table-summary.ts'

export type LazyTable = {
  /** Answers with the table `[rows, e]`. Shared: not to be written to. */
  readonly readTable: (signal?: AbortSignal) => Promise<Matrix>
  /** The rows with the given ids, `[ids, e]`, in memory of their own: the whole table is not held for them. */
  readonly readRows: (ids: ArrayLike<number>, signal?: AbortSignal) => Promise<Matrix>
  /** The same rows, `start` to `end` of them at a time: of a table that is held, no more than these are copied. */
  readonly rowReader: (
    ids: ArrayLike<number> & { slice: (start: number, end: number) => ArrayLike<number> },
    signal?: AbortSignal
  ) => Promise<(start: number, end: number) => Matrix>
  /** Ids of the rows that are zero throughout. */
  readonly zeroRows: (signal?: AbortSignal) => Promise<ReadonlySet<number>>
}

/** Tables that were read whole, by fingerprint: the last one, and others while they are small. */
const tables = recentResults<Matrix>({
  most: 8,
  bytes: { most: 2 ** 26, of: ({ data }) => data.byteLength },
  keptFor: 'transfers'
})

/**
 * How a table is read.
 * @param known of it: what is read must be the same
 * @param usedRows ids of the rows that statistics count, ascending
 * @param onOther hears that the table is another, before `mismatch` is thrown
 */
export function lazyTable(
  tensor: StoredTensor,
  known: FoundTable,
  usedRows: readonly number[],
  onOther: () => Promise<void>
): LazyTable {
  const { fingerprint } = known
  const expected = described(known, usedRows)
  let zero = known.zeroRows && new Set(known.zeroRows)
  const check = async <Read extends ReadTable>(read: Read): Promise<Read> => {
    const found = described(read, usedRows)
    if (found !== expected) {
      await onOther()
      throw otherTable(tensor, found, expected)
    }
    zero = new Set(read.zeroRows)
    return read
  }
  const visit = async (onRows: (rows: Float32Array, first: number) => void, within?: AbortSignal) => {
    await check(await visitTable(tensor, onRows, within))
  }
  const readWhole = shared(async (within) => (await check(await readTable(tensor, within))).table)
  const readRows: LazyTable['readRows'] = async (ids, within) => {
    const held = tables.find(fingerprint)
    if (held !== undefined) return gatherRows(held, ids)
    const picked = pickRows(ids, tensor.shape[1])
    await visit(picked.take, within)
    return picked.rows
  }
  return {
    readTable: async (within) => {
      throwIfCancelled(within)
      return await tables.getLater(fingerprint, () => readWhole(within))
    },
    readRows,
    rowReader: async (ids, within) => {
      const held = tables.find(fingerprint)
      if (held !== undefined) return (start, end) => gatherRows(held, ids.slice(start, end))
      const rows = await readRows(ids, within)
      return (start, end) => rowRange(rows, start, end)
    },
    zeroRows: async (within) => {
      if (zero === undefined) await visit(() => {}, within)
      return zero ?? new Set()
    }
  }
}

/** The rows with the given ids, `[ids, columns]`, filled while `take` is told of those of the table. */
function pickRows(ids: ArrayLike<number>, columns: number) {
  const rows: Matrix = { rows: ids.length, columns, data: new Float32Array(ids.length * columns) }
  const order = Uint32Array.from({ length: ids.length }, (_, at) => at).sort((a, b) => ids[a] - ids[b])
  let next = 0
  const take = (values: Float32Array, first: number): void => {
    const end = first + values.length / columns
    for (; next < order.length && ids[order[next]] < end; next++) {
      const start = (ids[order[next]] - first) * columns
      row(rows, order[next]).set(values.subarray(start, start + columns))
    }
  }
  return { rows, take }
}

/** One reading for all that ask while it lasts; one that is cancelled by another that asked is begun anew. */
function shared<Read>(
  read: (signal?: AbortSignal) => Promise<Read>
): (signal?: AbortSignal) => Promise<Read> {
  let reading: Promise<Read> | undefined
  const ask = async (within?: AbortSignal): Promise<Read> => {
    reading ??= read(within)
    const own = reading
    try {
      return await own
    } catch (error) {
      const cancelledByAnother =
        error instanceof AnchorageError && error.code === 'cancelled' && within?.aborted !== true
      if (!cancelledByAnother) throw error
    } finally {
      if (reading === own) reading = undefined
    }
    return await ask(within)
  }
  return ask
}

/** Fingerprint and statistics of a table; what is known of one may be of two readings of its file. */
function described({ fingerprint, statistics }: FoundTable, usedRows: readonly number[]): string {
  const { mean, standardDeviation } = statistics(usedRows)
  return `table ${fingerprint}, mean ${mean}, standard deviation ${standardDeviation}`
}

function otherTable({ file, name }: StoredTensor, found: string, expected: string): AnchorageError {
  return new AnchorageError('mismatch', 'The embedding table is another than its file makes believe.', {
    where: `${file}, tensor ${name}`,
    found,
    expected: `${expected}, as when this size, time and inode were noted`,
    next: 'Try again: the model is read anew. If it happens again, check the disk.'
  })
}
