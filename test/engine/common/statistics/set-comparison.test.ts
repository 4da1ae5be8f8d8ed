/** The figures of a comparison of sets, on answers that can be counted by hand. */
import { describe, expect, it } from 'vitest'
import { average, averageTest, strataOf } from '#engine/common/statistics/average.ts'
import { pairedTest } from '#engine/common/statistics/paired-test.ts'
import {
  bestSingle,
  compareSets,
  contributions,
  fatesOf,
  orderSets,
  relationDifferences,
  type ScoredSet,
  suggestSets
} from '#engine/common/statistics/set-comparison.ts'

function set(bits: number, members: readonly string[], scores: readonly number[]): ScoredSet {
  const accuracy = scores.reduce((sum, score) => sum + score) / scores.length
  return { set: bits, members, name: members.join(' + '), scores, accuracy }
}

/** So many examples right one after another, then so many wrong, and so on. */
function answers(...runs: readonly (readonly [score: number, times: number])[]): number[] {
  return runs.flatMap(([score, times]) => new Array<number>(times).fill(score))
}

const a = set(1, ['a'], answers([1, 40], [0, 60]))
const b = set(2, ['b'], answers([0, 60], [1, 20], [0, 20]))
const ab = set(3, ['a', 'b'], answers([1, 35], [0, 5], [1, 10], [0, 10], [1, 30], [0, 10]))
const all = [a, b, ab]

describe('sets beside a reference', () => {
  it('have the gain with its test, corrected for all of them', () => {
    const compared = compareSets(all, a, null)
    expect(compared.map(({ name }) => name)).toEqual(['a + b', 'a', 'b'])
    const [both, reference, other] = compared
    expect(reference.gain).toBeNull()
    expect(both.gain?.difference).toBeCloseTo(0.35, 12)
    // Holm: the smaller p counts twice.
    const [pBoth, pOther] = [pairedTest(ab.scores, a.scores).p, pairedTest(b.scores, a.scores).p]
    expect(pBoth).toBeLessThan(pOther)
    expect(both.gain?.adjusted).toBeCloseTo(2 * pBoth, 12)
    expect(other.gain?.adjusted).toBeCloseTo(Math.max(2 * pBoth, pOther), 12)
    expect(both.gain?.test).toMatchObject({ firstBetter: 40, secondBetter: 5 })
    expect(both.overBest).toBeCloseTo(0.35, 12)
    expect(reference.overBest).toBeNull()
  })

  it('have everything over relations where each counts once', () => {
    const strata = strataOf(answers([0, 80], [1, 20]).map(String))
    const macro = all.map((one) => ({ ...one, accuracy: average(one.scores, strata) }))
    const [first] = macro
    const [both] = compareSets(macro, first, strata)
    // By hand: a is right in 40 of 80 and 0 of 20, both in 65 of 80 and 10 of 20.
    expect(both.name).toBe('a + b')
    expect(both.accuracy).toBeCloseTo((65 / 80 + 10 / 20) / 2, 12)
    expect(both.gain?.difference).toBeCloseTo(both.accuracy - 40 / 80 / 2, 12)
    expect(both.gain?.test).toEqual(averageTest(ab.scores, a.scores, strata))
    const shares = contributions(['a', 'b'], macro, strata) ?? []
    expect(shares.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(both.accuracy, 12)
  })

  it('have letters by all pairs', () => {
    expect(compareSets(all, a, null).map(({ letters }) => letters)).toEqual(['a', 'b', 'c'])
    const alike = [a, { ...a, set: 2, name: 'c', members: ['c'] }]
    expect(compareSets(alike, a, null).map(({ letters }) => letters)).toEqual(['a', 'a'])
  })

  it('are put in order by size and by gain too', () => {
    const names = (order: 'size' | 'gain') =>
      orderSets(compareSets(all, a, null), order).map(({ name }) => name)
    expect(names('size')).toEqual(['a', 'b', 'a + b'])
    expect(names('gain')).toEqual(['a + b', 'a', 'b'])
    expect(bestSingle(all)?.name).toBe('a')
  })
})

describe('contributions', () => {
  it('add up to the accuracy of all, and are not told while a set is missing', () => {
    const shares = contributions(['a', 'b'], all, null)
    // By hand: a (0.4 + 0.75 − 0.2) / 2, b (0.2 + 0.75 − 0.4) / 2.
    expect(shares?.map(({ value }) => value)).toEqual([expect.closeTo(0.475, 12), expect.closeTo(0.275, 12)])
    for (const { value, interval } of shares ?? []) {
      expect(interval.low).toBeLessThan(value)
      expect(interval.high).toBeGreaterThan(value)
    }
    expect(contributions(['a', 'b'], [a, b], null)).toBeNull()
  })
})

describe('relation by relation', () => {
  it('differences are those of the relation’s examples, with the noise named', () => {
    const relationOf = answers([0, 50], [1, 50]).map((second) => (second === 1 ? 'P2' : 'P1'))
    const [first, second] = relationDifferences(['P1', 'P2'], relationOf, [a, ab], a)
    expect(first).toMatchObject({ relation: 'P1', count: 50 })
    expect(first.cells[0]).toMatchObject({ difference: 0, isNoise: true })
    // P1: 45 against 40 of 50, 5 lost and 10 gained; P2: 30 against none.
    expect(first.cells[1]).toMatchObject({ difference: expect.closeTo(0.1, 12), isNoise: true })
    expect(second.cells[1]).toMatchObject({ difference: expect.closeTo(0.6, 12), isNoise: false })
  })
})

describe('examples', () => {
  it('are rescued or broken by mixing, gained or lost beside the reference', () => {
    const fates = fatesOf(ab, b, all)
    // Right in a + b: 0–34, 40–49, 60–89. Right alone: a 0–39, b 60–79.
    expect(fates.rescued).toEqual([
      ...Array.from({ length: 10 }, (_, at) => 40 + at),
      ...Array.from({ length: 10 }, (_, at) => 80 + at)
    ])
    expect(fates.broken).toEqual([35, 36, 37, 38, 39])
    expect([fates.bothRight.length, fates.gained.length, fates.lost.length]).toEqual([20, 55, 0])
    expect(fatesOf(a, b, all).rescued).toEqual([])
  })
})

describe('what to try next', () => {
  it('is the set whose sources did best, and hopeless where they did badly', () => {
    const named = (bits: number, name: string) => ({ set: bits, members: [...name], name })
    const good = set(1, ['a'], answers([1, 60], [0, 40]))
    const middling = set(2, ['b'], answers([1, 55], [0, 45]))
    const bad = set(4, ['c'], answers([1, 5], [0, 95]))
    const [first, second] = suggestSets(3, [good, middling, bad], [named(6, 'bc'), named(3, 'ab')], null)
    expect([first.name, second.name]).toEqual(['ab', 'bc'])
    expect(first.beatsBest).toBeGreaterThan(0.5)
    expect(second.beatsBest).toBeLessThan(first.beatsBest / 2)
  })
})
