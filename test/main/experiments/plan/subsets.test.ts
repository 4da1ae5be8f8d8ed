/** Sets of sources: which there are, and how many. */
import { describe, expect, it } from 'vitest'
import { countSubsets, subsetsOf } from '#main/experiments/plan/subsets.ts'

describe('subsets', () => {
  it('come by size, each in the order of the list', () => {
    expect(subsetsOf(['a', 'b', 'c'], 1, 3)).toEqual([
      ['a'],
      ['b'],
      ['c'],
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
      ['a', 'b', 'c']
    ])
    expect(subsetsOf(['a', 'b', 'c'], 2, 2)).toHaveLength(3)
    expect(subsetsOf(['a'], 2, 4)).toEqual([])
  })

  it('are counted without being made', () => {
    for (const items of [1, 2, 3, 5, 7])
      for (const least of [1, 2, 4])
        for (const most of [1, 3, 9]) {
          const list = Array.from({ length: items }, (_, index) => index)
          expect(countSubsets(items, least, most)).toBe(subsetsOf(list, least, most).length)
        }
    expect(countSubsets(40, 1, 40)).toBe(2 ** 40 - 1)
  })
})
