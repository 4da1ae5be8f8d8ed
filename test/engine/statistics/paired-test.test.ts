import { describe, expect, it } from 'vitest'
import { pairedTest } from '../../../engine/statistics/paired-test.ts'

/** Answers of two methods to examples of which so many are right for the first alone and for the second alone. */
function answers(onlyFirst: number, onlySecond: number, same = 40): [number[], number[]] {
  const outcomes = [
    ...Array<[number, number]>(onlyFirst).fill([1, 0]),
    ...Array<[number, number]>(onlySecond).fill([0, 1]),
    ...Array<[number, number]>(same).fill([1, 1])
  ]
  return [outcomes.map(([first]) => first), outcomes.map(([, second]) => second)]
}

describe("McNemar's test", () => {
  // exact: scipy.stats.binomtest(b, b + c, .5).pvalue
  // mid-p: 2 * binom.cdf(b, b + c, .5) - binom.pmf(b, b + c, .5) for b < c; 1 - binom.pmf(b, 2 * b, .5) / 2 for b = c
  it.each([
    [8, 21, 0.0241195447742939, 0.016124801710247993],
    [21, 8, 0.0241195447742939, 0.016124801710247993],
    [3, 3, 1, 0.8437500000000001],
    [4810, 5190, 0.00015039137291163743, 0.00014455851040906536],
    [0, 200, 1.2446030555722283e-60, 1.2446030555722283e-60 / 2]
  ])('of %i against %i has the p-values of SciPy', (first, second, exact, midP) => {
    const test = pairedTest(...answers(first, second))
    expect(test).toMatchObject({ onlyFirst: first, onlySecond: second })
    expect(test.exact / exact).toBeCloseTo(1, 8)
    expect(test.midP / midP).toBeCloseTo(1, 8)
  })

  it('finds nothing where the methods never differ', () => {
    expect(pairedTest(...answers(0, 0))).toEqual({ onlyFirst: 0, onlySecond: 0, exact: 1, midP: 1 })
  })

  it('counts an example of several seeds once, for whose seeds were right more often', () => {
    const test = pairedTest([2 / 3, 1 / 3, 1, 0], [1 / 3, 1 / 3, 0, 1 / 3])
    expect(test).toMatchObject({ onlyFirst: 2, onlySecond: 1 })
  })

  it('refuses what is no pairs', () => {
    expect(() => pairedTest([1], [])).toThrow(RangeError)
  })
})
