import { describe, expect, it } from 'vitest'
import {
  pooledRankCorrelation,
  rankCorrelation,
  rankCorrelationInterval
} from '#engine/common/statistics/rank-correlation.ts'

const paired = (x: number[], y: number[]) => x.map((value, index): [number, number] => [value, y[index]])

describe('rankCorrelation', () => {
  it('is one, minus one, or what NumPy gives of the mean ranks', () => {
    expect(rankCorrelation(paired([1, 2, 3, 4], [1, 10, 100, 1000]))).toBeCloseTo(1, 12)
    expect(rankCorrelation(paired([1, 2, 3, 4], [4, 3, 2, 1]))).toBeCloseTo(-1, 12)
    // numpy.corrcoef([1, 2, 3, 4, 5], [1, 2, 3.5, 5, 3.5])
    expect(rankCorrelation(paired([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]))).toBeCloseTo(0.820782681668123, 12)
  })

  it('takes nothing from the order of ties', () => {
    const [x, y] = [
      [1, 2, 3, 4],
      [7, 7, 7, 9]
    ]
    const reversed = paired(x.toReversed(), y.toReversed())
    expect(rankCorrelation(paired(x, y))).toBeCloseTo(rankCorrelation(reversed), 12)
    expect(rankCorrelation(paired(x, [7, 7, 7, 7]))).toBe(0)
  })
})

describe('the interval of a rank correlation', () => {
  // x, y as below; r = scipy.stats.spearmanr(x, y)[0]; e = sqrt((1 + r * r / 2) / (10 - 3)); q = scipy.stats.norm.ppf(.975)
  // numpy.tanh(numpy.arctanh(r) - q * e), numpy.tanh(numpy.arctanh(r) + q * e)
  const pairs = paired([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [2, 1, 4, 4, 4, 7, 6, 9, 8, 10])

  it("is that of Fisher's z, with ties", () => {
    expect(rankCorrelation(pairs)).toBeCloseTo(0.9509918346667656, 12)
    expect(rankCorrelationInterval(pairs)?.low).toBeCloseTo(0.7394847751933256, 12)
    expect(rankCorrelationInterval(pairs)?.high).toBeCloseTo(0.9916089255871253, 12)
  })

  it('is not claimed of too few pairs or a perfect order', () => {
    expect(rankCorrelationInterval(pairs.slice(0, 3))).toBeNull()
    expect(rankCorrelationInterval(paired([1, 2, 3, 4], [1, 2, 3, 4]))).toBeNull()
    expect(rankCorrelation(pairs.slice(0, 1))).toBe(0)
  })
})

describe('the pooled rank correlation', () => {
  const rising = paired([1, 2, 3, 4, 5, 6], [1, 3, 2, 4, 6, 5])
  const shifted = rising.map(([x, y]): [number, number] => [x + 10, y - 10])

  it('is that of the strata, where pooling the pairs turns it round', () => {
    expect(rankCorrelation([...rising, ...shifted])).toBeLessThan(0)
    const pooled = pooledRankCorrelation([rising, shifted])
    expect(pooled?.rho).toBeCloseTo(rankCorrelation(rising), 12)
    expect(pooled?.used).toBe(2)
  })

  it('weighs strata by the inverse of their variance', () => {
    const flat = paired([1, 2, 3, 4, 5], [2, 1, 5, 4, 3])
    expect(rankCorrelation(flat)).toBeCloseTo(0.5, 12)
    const pooled = pooledRankCorrelation([rising, flat])
    const [r, s] = [rankCorrelation(rising), 0.5]
    const [v, w] = [3 / (1 + r ** 2 / 2), 2 / (1 + s ** 2 / 2)]
    const z = (v * 0.5 * Math.log((1 + r) / (1 - r)) + w * 0.5 * Math.log((1 + s) / (1 - s))) / (v + w)
    expect(pooled?.rho).toBeCloseTo((Math.exp(2 * z) - 1) / (Math.exp(2 * z) + 1), 12)
  })

  it('says nothing of strata that are too small or don’t vary', () => {
    expect(pooledRankCorrelation([rising.slice(0, 3), paired([1, 1, 1, 1], [1, 2, 3, 4])])).toBeNull()
  })
})
