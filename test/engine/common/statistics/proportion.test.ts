import { describe, expect, it } from 'vitest'
import { meanInterval } from '#engine/common/statistics/bootstrap.ts'
import { accuracyInterval, normalInterval, wilsonInterval } from '#engine/common/statistics/proportion.ts'

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

describe('the interval of an accuracy', () => {
  it('has a width where every example is right', () => {
    const { low, high } = accuracyInterval(new Array<number>(18).fill(1))
    expect(low).toBeCloseTo(0.8241207763533424, 12)
    expect(high).toBe(1)
  })

  it('is the bootstrap’s elsewhere', () => {
    const scores = [1, 0, 0.5, 1, 1, 0, 1]
    expect(accuracyInterval(scores)).toEqual(meanInterval(scores))
  })
})

describe('the normal interval', () => {
  it('is near the bootstrap’s of many examples', () => {
    const differences = Array.from({ length: 2000 }, (_, index) =>
      (index * 7) % 10 < 3 ? 1 : index % 5 === 0 ? -1 : 0
    )
    const [normal, drawn] = [normalInterval(differences), meanInterval(differences)]
    expect(normal.low).toBeCloseTo(drawn.low, 2)
    expect(normal.high).toBeCloseTo(drawn.high, 2)
    // By hand: 1, 2, 3, 4 have mean 2.5 and variance 5/3.
    expect(normalInterval([1, 2, 3, 4]).high).toBeCloseTo(2.5 + 1.959963984540054 * Math.sqrt(5 / 12), 12)
  })
})
