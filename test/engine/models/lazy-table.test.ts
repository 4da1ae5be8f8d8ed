/** Rows of a table that is not held are picked while its file is read, and are those of the whole table. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gatherRows } from '#engine/common/contract/matrix.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { listTensors } from '#engine/files/list-tensors.ts'
import { lazyTable } from '#engine/models/lazy-table.ts'
import { readTable, visitTable } from '#engine/models/table-summary.ts'
import { floatTensor, writeSafetensors } from '#test/support/safetensors-file.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const [rows, columns] = [9000, 300]

/** A table of more than one piece, with rows of zeros. */
async function largeTable() {
  const path = join(await temporaryFolder(), 'model.safetensors')
  const values = seededNormal(1, rows * columns, 0, 1)
  for (const row of [7, 8000]) values.fill(0, row * columns, (row + 1) * columns)
  await writeSafetensors(path, { table: floatTensor([rows, columns], values) })
  const [tensor] = await listTensors(path)
  return tensor
}

const isUsed = (row: number): boolean => row % 3 > 0
const onOther = () => Promise.resolve()

describe('a table in a file', () => {
  it('is summarised alike whether it is read whole or in pieces', async () => {
    const tensor = await largeTable()
    const { table, ...whole } = await readTable(tensor, isUsed)
    const pieces: number[] = []
    expect(await visitTable(tensor, isUsed, (values) => pieces.push(values.length / columns))).toEqual(whole)
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces.reduce((sum, count) => sum + count)).toBe(table.rows)
    expect(whole.zeroRows).toEqual([7, 8000])
  })

  it('gives rows in any order, repeated ones too, without being held', async () => {
    const tensor = await largeTable()
    const { table } = await lazyTable(tensor, isUsed, { kept: undefined, onOther })
    const ids = [8999, 0, 7000, 7000, 7, 6990, 6991]
    const picked = await table.readRows(ids)
    expect(picked).toEqual(gatherRows(await table.readTable(), ids))
    expect([...(await table.zeroRows())]).toEqual([7, 8000])
  })

  it('refuses rows of a table that is not what was kept', async () => {
    const tensor = await largeTable()
    const kept = { fingerprint: 'another', mean: 0, standardDeviation: 1 }
    const { table } = await lazyTable(tensor, isUsed, { kept, onOther })
    await expect(table.readRows([1])).rejects.toMatchObject({ code: 'mismatch' })
    await expect(table.zeroRows()).rejects.toMatchObject({ code: 'mismatch' })
  })
})
