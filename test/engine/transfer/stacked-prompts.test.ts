import { expect, test } from 'vitest'
import { toDense } from '#engine/linear-algebra/dense.ts'
import { splitPrompts, stackPrompts } from '#engine/transfer/stacked-prompts.ts'
import { promptNear, sharedTable } from '#test/support/small-world.ts'

const table = sharedTable(20, 6, 10)
const prompts = [promptNear(table, 3, 1), promptNear(table, 1, 2), promptNear(table, 2, 3)]

test('prompts that were stacked are split again as they were', () => {
  const stacked = stackPrompts(prompts)
  expect([stacked.rows, stacked.columns]).toEqual([6, 6])
  expect(splitPrompts(toDense(stacked), [3, 1, 2])).toEqual(prompts.map(toDense))
})

test('prompts of different widths are refused', () => {
  const narrow = promptNear(sharedTable(20, 5, 10), 2, 1)
  expect(() => stackPrompts([prompts[0], narrow])).toThrow(
    expect.objectContaining({
      code: 'mismatch',
      detail: expect.objectContaining({ found: '6 and 5' })
    })
  )
})
