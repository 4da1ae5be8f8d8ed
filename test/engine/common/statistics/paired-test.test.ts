import { describe, expect, it } from 'vitest'
import { pairedTest } from '#engine/common/statistics/paired-test.ts'

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
    expect(test).toMatchObject({ firstBetter: first, secondBetter: second, kind: 'mcnemar' })
    expect((test.exact ?? 0) / exact).toBeCloseTo(1, 8)
    expect(test.p / midP).toBeCloseTo(1, 8)
  })

  it('finds nothing where the methods never differ', () => {
    expect(pairedTest(...answers(0, 0))).toMatchObject({ firstBetter: 0, secondBetter: 0, exact: 1, p: 1 })
  })

  it('looks at some of the examples where it is told which', () => {
    const [first, second] = answers(8, 21)
    const places = [...first.keys()].filter((at) => at % 2 === 0)
    const [some, others] = [first, second].map((scores) => places.map((at) => scores[at]))
    expect(pairedTest(first, second, places)).toEqual(pairedTest(some, others))
  })

  it('refuses what is no pairs', () => {
    expect(() => pairedTest([1], [])).toThrow(RangeError)
  })
})

describe("McNemar's test of answers by several seeds", () => {
  it('is the plain one, by the normal distribution, where every seed says the same', () => {
    // statsmodels.stats.contingency_tables.mcnemar([[0, 30], [12, 0]], exact=False, correction=False).pvalue
    const [first, second] = answers(30, 12)
    const halves = (scores: readonly number[]): number[] => scores.map((score) => score / 2)
    const { kind, exact, p } = pairedTest(halves(first), halves(second))
    expect({ kind, exact }).toEqual({ kind: 'clustered', exact: null })
    // The normal distribution of simple-statistics is right to 1.2e-7 of its tail.
    expect(p / 0.00547855324254737).toBeCloseTo(1, 6)
  })

  it('is that of the mean difference of the examples', () => {
    // d = numpy.repeat([2/3, 1/3, 0, -1/3, -2/3, -1], [20, 60, 100, 40, 15, 5])
    // 2 * scipy.stats.norm.sf(abs(d.sum() / numpy.sqrt((d ** 2).sum())))
    const counts: [number, number][] = [
      [2 / 3, 20],
      [1 / 3, 60],
      [0, 100],
      [-1 / 3, 40],
      [-2 / 3, 15],
      [-1, 5]
    ]
    const differences = counts.flatMap(([difference, times]) => Array<number>(times).fill(difference))
    const { p, firstBetter, secondBetter } = pairedTest(differences, Array<number>(240).fill(0))
    expect(p / 0.37425931928022393).toBeCloseTo(1, 6)
    expect({ firstBetter, secondBetter }).toEqual({ firstBetter: 80, secondBetter: 60 })
  })

  it('sees no difference where one method is right on more examples and the other more often', () => {
    // 30 examples that one of three seeds got right against 10 that all three did: equal means.
    const first = [...Array<number>(30).fill(1 / 3), ...Array<number>(10).fill(0)]
    const second = [...Array<number>(30).fill(0), ...Array<number>(10).fill(1)]
    expect(pairedTest(first, second).p).toBeGreaterThan(0.99)
  })
})
