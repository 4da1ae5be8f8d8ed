/**
 * The table of an open model: where what it is was kept, it is read when something first needs it, and must then be
 * what was kept. So nothing computes with a table whose fingerprint was not taken of the values that it computes with.
 */
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { readTable, type TableSummary } from './table-summary.ts'

/** Answers with the table `[rows, e]`, read once. Shared: not to be written to. */
export type TableReader = (signal?: AbortSignal) => Promise<Matrix>

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
): Promise<{ summary: TableSummary; read: TableReader }> {
  const first = kept === undefined ? await readTable(tensor, isUsed, signal) : { ...kept, table: undefined }
  let table = first.table === undefined ? undefined : Promise.resolve(first.table)
  const readKept: TableReader = async (within) => {
    const found = await readTable(tensor, isUsed, within)
    if (found.fingerprint === first.fingerprint) return found.table
    await onOther()
    throw new AnchorageError('mismatch', 'The embedding table is another than its file makes believe.', {
      where: `${tensor.file}, tensor ${tensor.name}`,
      found: `table ${found.fingerprint.slice(0, 12)}…`,
      expected: `table ${first.fingerprint.slice(0, 12)}…, as when this size, time and inode were noted`,
      next: 'Try again: the model is read anew. If it happens again, check the disk.'
    })
  }
  const read: TableReader = async (within) => {
    throwIfCancelled(within)
    table ??= readKept(within)
    const own = table
    try {
      return await own
    } catch (error) {
      if (table === own) table = undefined
      const cancelledByAnother =
        error instanceof AnchorageError && error.code === 'cancelled' && within?.aborted !== true
      if (cancelledByAnother) return await read(within)
      throw error
    }
  }
  return { summary: first, read }
}
