/**
 * The table of an open model: it is read when something needs it, and must then be what it was when the model was opened.
 * So nothing computes with a table whose fingerprint was not taken of the values that it computes with. Of a table that is
 * not held, rows are picked while it is read once more.
 */
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { gatherRows, type Matrix, row } from '#engine/common/contract/matrix.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { recentResults } from '#engine/memory/recent-results.ts'
import { type ReadTable, readTable, type TableSummary, visitTable } from './table-summary.ts'

export type LazyTable = {
  /** Answers with the table `[rows, e]`. Shared: not to be written to. */
  readonly readTable: (signal?: AbortSignal) => Promise<Matrix>
  /** The rows with the given ids, `[ids, e]`, in memory of their own: the whole table is not held for them. */
  readonly readRows: (ids: ArrayLike<number>, signal?: AbortSignal) => Promise<Matrix>
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
 * A table's summary, and how the table is read.
 * @param isUsed whether the statistics count a row
 * @param kept what is known of the table; undefined: it is read now
 * @param onOther hears that the table is not what was kept, before `mismatch` is thrown
 */
export async function lazyTable(
  tensor: StoredTensor,
  isUsed: (row: number) => boolean,
  { kept, onOther }: { kept: TableSummary | undefined; onOther: () => Promise<void> },
  signal?: AbortSignal
): Promise<{ summary: TableSummary; table: LazyTable }> {
  let zero: ReadonlySet<number> | undefined
  const note = <Read extends ReadTable>(found: Read): Read => {
    zero = new Set(found.zeroRows)
    return found
  }
  const summary = kept ?? note(await visitTable(tensor, isUsed, () => {}, signal))
  const check = async <Read extends ReadTable>(found: Read): Promise<Read> => {
    if (found.fingerprint === summary.fingerprint) return note(found)
    await onOther()
    throw otherTable(tensor, found, summary)
  }
  const visit = async (onRows: (rows: Float32Array, first: number) => void, within?: AbortSignal) => {
    await check(await visitTable(tensor, isUsed, onRows, within))
  }
  const readWhole = shared(async (within) => (await check(await readTable(tensor, isUsed, within))).table)
  return {
    summary,
    table: {
      readTable: async (within) => {
        throwIfCancelled(within)
        return await tables.getLater(summary.fingerprint, () => readWhole(within))
      },
      readRows: async (ids, within) => {
        const held = tables.find(summary.fingerprint)
        if (held !== undefined) return gatherRows(held, ids)
        const picked = pickRows(ids, tensor.shape[1])
        await visit(picked.take, within)
        return picked.rows
      },
      zeroRows: async (within) => {
        if (zero === undefined) await visit(() => {}, within)
        return zero ?? new Set()
      }
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

function otherTable(
  { file, name }: StoredTensor,
  found: TableSummary,
  expected: TableSummary
): AnchorageError {
  return new AnchorageError('mismatch', 'The embedding table is another than its file makes believe.', {
    where: `${file}, tensor ${name}`,
    found: `table ${found.fingerprint.slice(0, 12)}…`,
    expected: `table ${expected.fingerprint.slice(0, 12)}…, as when this size, time and inode were noted`,
    next: 'Try again: the model is read anew. If it happens again, check the disk.'
  })
}
