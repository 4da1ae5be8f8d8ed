import { describe, expect, it } from 'vitest'
import { wilsonInterval } from '#engine/common/statistics/proportion.ts'

describe('Wilson’s interval', () => {
  it.each([
    // statsmodels.stats.proportion.proportion_confint(k, n, method='wilson')
    [18, 18, 0.8241207763533424, 1],
    [0, 18, 0, 0.1758792236466577],
    [7, 20, 0.18119182410108203, 0.5671457233147638]
  ])('of %i of %i is that of statsmodels', (right, trials, low, high) => {
    const interval = wilsonInterval(right / trials, trials)
    expect(interval.low).toBeCloseTo(low, 12)
    expect(interval.high).toBeCloseTo(high, 12)
  })
})
