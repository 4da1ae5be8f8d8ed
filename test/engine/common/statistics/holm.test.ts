import { describe, expect, it } from 'vitest'
import { holmAdjusted } from '#engine/common/statistics/holm.ts'

describe("Holm's correction", () => {
  it('gives what statsmodels gives, in the order of the tests', () => {
    // statsmodels.stats.multitest.multipletests([.01, .04, .03, .005, .5, .03], method='holm')[1]
    const expected = [0.05, 0.12, 0.12, 0.03, 0.5, 0.12]
    for (const [index, p] of holmAdjusted([0.01, 0.04, 0.03, 0.005, 0.5, 0.03]).entries()) {
      expect(p).toBeCloseTo(expected[index], 14)
    }
  })

  it('leaves one test alone, and never passes one', () => {
    expect(holmAdjusted([0.03])).toEqual([0.03])
    expect(holmAdjusted([0.6, 0.7])).toEqual([1, 1])
    expect(holmAdjusted([])).toEqual([])
  })
})
