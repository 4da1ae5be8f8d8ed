/** Micro and macro averages beside computations by hand, enumeration and resampling of another make. */
import { describe, expect, it } from 'vitest'
import {
  average,
  averageTest,
  averageVariance,
  bootstrapAverageInterval,
  exampleWeights,
  normalAverageInterval,
  scoreInterval,
  strataOf
} from '#engine/common/statistics/average.ts'
import { meanInterval } from '#engine/common/statistics/bootstrap.ts'
import { pairedTest } from '#engine/common/statistics/paired-test.ts'

const strata = strataOf(['a', 'b', 'a', 'a', 'b', 'a'])
const scores = [1, 0, 0, 1, 1, 1]

describe('an average over relations', () => {
  it('counts each relation once, whatever its size', () => {
    expect(strata).toEqual([
      [0, 2, 3, 5],
      [1, 4]
    ])
    // By hand: a 3 of 4, b 1 of 2.
    expect(average(scores, strata)).toBeCloseTo((3 / 4 + 1 / 2) / 2, 12)
    expect(average(scores, null)).toBeCloseTo(4 / 6, 12)
    const weights = exampleWeights(6, strata)
    const weighted = scores.reduce((sum, score, at) => sum + (weights[at] ?? 0) * score, 0) / 6
    expect(weighted).toBeCloseTo(average(scores, strata), 12)
  })

  it('has the variance of a stratified sample', () => {
    // By hand: variances with n − 1 are 1/4 of 4 examples and 1/2 of 2.
    expect(averageVariance(scores, strata)).toBeCloseTo((1 / 4 / 4 + 1 / 2 / 2) / 4, 12)
    // One example has no spread: the pooled one, (3 · 1/4 + 1 · 1/2) / 4, stands for it.
    const withOne = strataOf(['a', 'b', 'a', 'a', 'b', 'a', 'c'])
    const expected = (1 / 4 / 4 + 1 / 2 / 2 + 1.25 / 4) / 9
    expect(averageVariance([...scores, 1], withOne)).toBeCloseTo(expected, 12)
    // 1, 2, 3, 4 have mean 2.5 and variance 5/3.
    expect(normalAverageInterval([1, 2, 3, 4], null).high).toBeCloseTo(
      2.5 + 1.959963984540054 * Math.sqrt(5 / 12),
      12
    )
  })

  it('is resampled within relations', () => {
    const relationOf = Array.from({ length: 1200 }, (_, at) => (at < 900 ? 'large' : 'small'))
    const large = strataOf(relationOf)
    const values = relationOf.map((_, at) => ((at * 7) % 10 < 3 ? 1 : 0))
    const [drawn, normal] = [bootstrapAverageInterval(values, large), normalAverageInterval(values, large)]
    expect(drawn.low).toBeCloseTo(normal.low, 2)
    expect(drawn.high).toBeCloseTo(normal.high, 2)
    // The smaller relation counts as much as the larger: less sure than the same examples each once.
    const micro = bootstrapAverageInterval(values, null)
    expect(drawn.high - drawn.low).toBeGreaterThan(1.1 * (micro.high - micro.low))
    // Between relations nothing is drawn: all right in one and all wrong in the other is sure.
    const sure = bootstrapAverageInterval(
      relationOf.map((relation) => Number(relation === 'large')),
      large
    )
    expect(sure).toEqual({ low: 0.5, high: 0.5 })
  })
})

describe('the interval of an accuracy', () => {
  it('is Wilson’s where every example is right', () => {
    const all = new Array<number>(18).fill(1)
    // statsmodels.stats.proportion.proportion_confint(18, 18, method='wilson')
    expect(scoreInterval(all, null, false).low).toBeCloseTo(0.8241207763533424, 12)
    // Relations of one size are as sure as the same examples together.
    const nines = strataOf(all.map((_, at) => (at < 9 ? 'a' : 'b')))
    expect(scoreInterval(all, nines, true).low).toBeCloseTo(0.8241207763533424, 12)
  })

  it('is the bootstrap’s elsewhere', () => {
    const some = [1, 0, 0.5, 1, 1, 0, 1]
    expect(scoreInterval(some, null, false)).toEqual(meanInterval(some))
  })
})

describe('the paired test of macro averages', () => {
  const relationOf = Array.from({ length: 40 }, (_, at) => (at < 30 ? 'large' : 'small'))
  const own = strataOf(relationOf)
  const first = relationOf.map((_, at) => Number([0, 1, 2, 3, 5, 30, 31, 32, 33, 34].includes(at)))
  const second = relationOf.map((_, at) => Number([4, 6, 7, 35].includes(at)))

  it('is near the test by all signs of the weighted differences', () => {
    const weights = exampleWeights(40, own)
    const weighted = first
      .map((score, at) => (weights[at] ?? 0) * (score - (second[at] ?? 0)))
      .filter((difference) => difference !== 0)
    const observed = Math.abs(weighted.reduce((sum, value) => sum + value, 0))
    let [beyond, equal] = [0, 0]
    for (let signs = 0; signs < 2 ** weighted.length; signs++) {
      const sum = Math.abs(
        weighted.reduce((total, value, bit) => total + ((signs >> bit) & 1 ? value : -value), 0)
      )
      if (sum > observed + 1e-9) beyond++
      else if (sum > observed - 1e-9) equal++
    }
    // The middle of what is as extreme, as in McNemar's mid-p; 16,384 signs.
    const exact = (beyond + equal / 2) / 2 ** weighted.length
    const test = averageTest(first, second, own)
    expect(test).toMatchObject({ kind: 'weighted', exact: null, firstBetter: 10, secondBetter: 4 })
    expect(Math.abs(test.p - exact)).toBeLessThan(0.02)
    expect(test.p).toBeLessThan(pairedTest(first, second).p)
  })

  it('finds nothing where nothing differs, and is McNemar’s where each example counts once', () => {
    // The error function is known to seven digits.
    expect(averageTest(first, first, own).p).toBeCloseTo(1, 6)
    expect(averageTest(first, second, null)).toEqual(pairedTest(first, second))
  })
})
