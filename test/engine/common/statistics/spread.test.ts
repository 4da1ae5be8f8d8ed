import { describe, expect, it } from 'vitest'
import { spreadOf } from '#engine/common/statistics/spread.ts'

describe('the spread over seeds', () => {
  it("is NumPy's mean and standard deviation with N − 1", () => {
    // v = [.42, .45, .39, .44]; numpy.mean(v), numpy.std(v, ddof=1)
    const { mean, standardDeviation, count } = spreadOf([0.42, 0.45, 0.39, 0.44])
    expect(mean).toBeCloseTo(0.425, 14)
    expect(standardDeviation).toBeCloseTo(0.026457513110645904, 14)
    expect(count).toBe(4)
  })

  it('has no deviation of a single value', () => {
    expect(spreadOf([0.3])).toEqual({ mean: 0.3, standardDeviation: null, count: 1 })
  })
})
