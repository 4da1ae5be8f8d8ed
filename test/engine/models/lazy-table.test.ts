/** Rows of a table that is not held are picked while its file is read, and are those of the whole table. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gatherRows } from '#engine/common/contract/matrix.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { listTensors } from '#engine/files/list-tensors.ts'
import { lazyTable } from '#engine/models/lazy-table.ts'
import { readTable, surveyTable, visitTable } from '#engine/models/table-summary.ts'
import { floatTensor, writeSafetensors } from '#test/support/safetensors-file.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const [rows, columns] = [9000, 300]

/** A table of more than one piece, with rows of zeros. */
async function largeTable(count = rows) {
  const path = join(await temporaryFolder(), 'model.safetensors')
  const values = seededNormal(1, count * columns, 0, 1)
  for (const row of [7, 8000]) values.fill(0, row * columns, (row + 1) * columns)
  await writeSafetensors(path, { table: floatTensor([count, columns], values) })
  const [tensor] = await listTensors(path)
  return tensor
}

const usedRows = Array.from({ length: rows }, (_, row) => row).filter((row) => row % 3 > 0)
const onOther = () => Promise.resolve()

describe('a table in a file', () => {
  it('is summarised alike whether it is read whole or in pieces', async () => {
    const tensor = await largeTable()
    const { table, ...whole } = await readTable(tensor)
    const pieces: number[] = []
    const visited = await visitTable(tensor, (values) => pieces.push(values.length / columns))
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces.reduce((sum, count) => sum + count)).toBe(table.rows)
    expect(visited.statistics(usedRows)).toEqual(whole.statistics(usedRows))
    expect(visited).toMatchObject({ fingerprint: whole.fingerprint, zeroRows: [7, 8000] })
    expect(whole.zeroRows).toEqual([7, 8000])
  })

  it('has the mean and standard deviation of the rows in use alone', async () => {
    const tensor = await largeTable()
    const { table, statistics } = await readTable(tensor)
    const { data } = gatherRows(table, usedRows)
    // Two passes in float64.
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length
    const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length
    const found = statistics(usedRows)
    expect(found.mean).toBeCloseTo(mean, 12)
    expect(found.standardDeviation).toBeCloseTo(Math.sqrt(variance), 12)
    expect(statistics([])).toEqual({ mean: 0, standardDeviation: 0 })
  })

  it('is surveyed by a thread of its own, which finds the same fingerprint', async () => {
    // Large enough for the thread, and not a whole number of pieces.
    const tensor = await largeTable(30_001)
    const [surveyed, read] = [await surveyTable(tensor), await readTable(tensor)]
    expect(surveyed.fingerprint).toBe(
      createHash('sha256').update(new Uint8Array(read.table.data.buffer)).digest('hex')
    )
    expect(surveyed.fingerprint).toBe(read.fingerprint)
    expect(surveyed.statistics(usedRows)).toEqual(read.statistics(usedRows))
    expect(surveyed.zeroRows).toEqual([7, 8000])
  })

  it('is no more surveyed when that is cancelled', async () => {
    const tensor = await largeTable(30_001)
    const control = new AbortController()
    const surveyed = surveyTable(tensor, control.signal)
    control.abort()
    await expect(surveyed).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('gives rows in any order, repeated ones too, without being held', async () => {
    const tensor = await largeTable()
    const table = lazyTable(tensor, await surveyTable(tensor), usedRows, onOther)
    const ids = [8999, 0, 7000, 7000, 7, 6990, 6991]
    const picked = await table.readRows(ids)
    // Of rows that were read for it, and of the table once that is held.
    expect((await table.rowReader(ids))(2, 5)).toEqual(gatherRows(picked, [2, 3, 4]))
    expect(picked).toEqual(gatherRows(await table.readTable(), ids))
    expect((await table.rowReader(ids))(2, 5)).toEqual(gatherRows(picked, [2, 3, 4]))
    expect([...(await table.zeroRows())]).toEqual([7, 8000])
  })

  it.each([
    ['fingerprint', { fingerprint: 'another' }],
    ['statistics', { statistics: () => ({ mean: 0, standardDeviation: 1 }) }]
  ])('refuses rows of a table whose %s is not what was kept', async (_, other) => {
    // Another than the one that is held of the test before.
    const tensor = await largeTable(rows + 1)
    const known = { ...(await surveyTable(tensor)), zeroRows: undefined, ...other }
    const table = lazyTable(tensor, known, usedRows, onOther)
    await expect(table.readRows([1])).rejects.toMatchObject({ code: 'mismatch' })
    await expect(table.zeroRows()).rejects.toMatchObject({ code: 'mismatch' })
  })
})
