import { expect, it } from 'vitest'
import { zeroShotChoices } from '#engine/common/statistics/zero-shot-choices.ts'

const set = (agreement: number | null, ...weights: number[]) => ({
  agreement,
  sources: weights.map((weight) => ({ weight }))
})

it('are all sources with equal weights, and of several sources those that agree most', () => {
  const sets = [set(0.99, 1), set(0.5, 1, 1), set(0.7, 1, 2), set(0.4, 1, 1, 1), set(0.6, 2, 1, 1, 1)]
  expect(zeroShotChoices(sets)).toEqual({ all: 3, agreeing: 1 })
  expect(zeroShotChoices([set(0.9, 1), set(null, 1, 2)])).toEqual({ all: 0, agreeing: null })
})
