/**
 * Intervals are held against SciPy's percentile bootstrap with 200,000 resamples, drawn example by example. A
 * percentile of 2,000 resamples has a standard error of about 0.06 standard errors of the mean; four are allowed.
 */
import { describe, expect, it } from 'vitest'
import { meanInterval, pairedDifference, weightedInterval } from '#engine/common/statistics/bootstrap.ts'

/** Every value so many times. */
function repeated(counts: readonly (readonly [value: number, times: number])[]): number[] {
  return counts.flatMap(([value, times]) => Array<number>(times).fill(value))
}

function expectNear(found: number, expected: number, standardError: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(0.25 * standardError)
}

describe('the bootstrap interval of a mean', () => {
  it('of hits and misses is that of the binomial distribution', () => {
    // scipy.stats.binom.ppf([.025, .975], 400, .25) / 400; scipy.stats.binom.std(400, .25) / 400
    const { low, high } = meanInterval(
      repeated([
        [1, 100],
        [0, 300]
      ])
    )
    expectNear(low, 0.2075, 0.0217)
    expectNear(high, 0.2925, 0.0217)
  })

  it('of the share of three seeds by example is what SciPy draws example by example', () => {
    // v = numpy.repeat([0, 1/3, 2/3, 1], [120, 60, 40, 80])
    // scipy.stats.bootstrap((v,), numpy.mean, n_resamples=200000, method='percentile', random_state=1, batch=2000)
    const values = repeated([
      [0, 120],
      [1 / 3, 60],
      [2 / 3, 40],
      [1, 80]
    ])
    const { low, high } = meanInterval(values)
    expectNear(low, 0.37555555555555553, 0.0237)
    expectNear(high, 0.46888888888888886, 0.0237)
    expect(meanInterval(values)).toEqual({ low, high })
  })

  it('is certain of what never varies, and zero of nothing', () => {
    expect(meanInterval([1, 1, 1])).toEqual({ low: 1, high: 1 })
    expect(meanInterval([])).toEqual({ low: 0, high: 0 })
  })
})

describe('the paired bootstrap', () => {
  const both = repeated([
    [1, 80],
    [0, 120]
  ])
  const other = repeated([
    [1, 50],
    [0, 30],
    [1, 12],
    [0, 108]
  ])

  it('gives the interval of the difference on the same examples', () => {
    // a, b = numpy.repeat([1, 1, 0, 0], n), numpy.repeat([1, 0, 1, 0], n) with n = [50, 30, 12, 108]
    // scipy.stats.bootstrap((a - b,), numpy.mean, n_resamples=200000, method='percentile', random_state=1, batch=2000)
    const { difference, low, high, p } = pairedDifference(both, other)
    expect(difference).toBeCloseTo(0.09, 14)
    expectNear(low, 0.03, 0.0318)
    expectNear(high, 0.155, 0.0318)
    // scipy.stats.binomtest(12, 42, .5).pvalue is 0.0079; a bootstrap's differs, not by its order.
    expect(p).toBeGreaterThan(0.001)
    expect(p).toBeLessThan(0.02)
  })

  it('turns round with its methods, and sees no difference between equal ones', () => {
    const { difference, p } = pairedDifference(other, both)
    expect(difference).toBeCloseTo(-0.09, 14)
    expect(p).toBeLessThan(0.02)
    expect(pairedDifference(both, both)).toEqual({ difference: 0, low: 0, high: 0, p: 1 })
  })

  it('refuses what is no pairs', () => {
    expect(() => pairedDifference([1], [1, 0])).toThrow(RangeError)
    expect(() => pairedDifference([], [])).toThrow(RangeError)
  })
})

describe('the interval of a weighted mean', () => {
  it('is that of the mean where all weights are the same', () => {
    const values = [0.1, 0.4, 0.2, 0.9, 0.6]
    expect(weightedInterval(values.map((value) => ({ value, weight: 3 })))).toEqual({
      low: expect.closeTo(meanInterval(values).low, 12),
      high: expect.closeTo(meanInterval(values).high, 12)
    })
  })

  it('is near the one by the delta method for many values', () => {
    const values = Array.from({ length: 400 }, (_, at) => ({
      value: ((at * 37) % 100) / 100,
      weight: 1 + (at % 4)
    }))
    const total = values.reduce((sum, { weight }) => sum + weight, 0)
    const mean = values.reduce((sum, { value, weight }) => sum + value * weight, 0) / total
    const squares = values.reduce((sum, { value, weight }) => sum + (weight * (value - mean)) ** 2, 0)
    const half = (1.96 * Math.sqrt(squares)) / total
    const { low, high } = weightedInterval(values)
    expect(Math.abs(low - (mean - half))).toBeLessThan(0.004)
    expect(Math.abs(high - (mean + half))).toBeLessThan(0.004)
  })
})
