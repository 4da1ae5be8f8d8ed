import { expect, it } from 'vitest'
import { movedColumn, shiftedColumn } from '#renderer/runs/column-order.ts'

const shown = ['name', 'a', 'b', 'c']

it('puts a column in the place of another, among pinned ones or among the others', () => {
  const before = { pinned: ['name', 'hidden'], order: ['x', 'a'] }
  expect(movedColumn(before, shown, 'c', 'a')).toEqual({
    pinned: ['name', 'hidden'],
    order: ['c', 'a', 'b', 'x']
  })
  expect(movedColumn(before, shown, 'a', 'c').order).toEqual(['b', 'c', 'a', 'x'])
  expect(movedColumn(before, shown, 'a', 'name')).toEqual(before)
  expect(movedColumn({ pinned: ['name', 'a', 'x'], order: [] }, shown, 'a', 'name').pinned).toEqual([
    'a',
    'name',
    'x'
  ])
  expect(shiftedColumn(before, shown, 'b', 1).order).toEqual(['a', 'c', 'b', 'x'])
  expect(shiftedColumn(before, shown, 'c', 1)).toEqual(before)
})
