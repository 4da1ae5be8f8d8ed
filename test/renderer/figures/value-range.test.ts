import { expect, it } from 'vitest'
import { valueRange } from '#renderer/figures/value-range.ts'

it('is all of accuracy, however little it differs', () => {
  expect(valueRange([0.7497, null, 0.7502], 'accuracy')).toEqual([0, 1])
})

it('is of matching what there is, and never so little that nothing looks like much', () => {
  expect(valueRange([0.4, null, 0.9], 'matching')).toEqual([0.4, 0.9])
  const [low, high] = valueRange([0.7497, 0.7502], 'matching')
  expect(high - low).toBeCloseTo(0.1, 12)
  expect((low + high) / 2).toBeCloseTo(0.74995, 12)
})
