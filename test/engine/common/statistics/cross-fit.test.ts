/** Choosing among mixtures: what it comes to on examples that had no say. */
import { describe, expect, it } from 'vitest'
import { seededUniform } from '#engine/common/random/seeded-random.ts'
import { strataOf } from '#engine/common/statistics/average.ts'
import { crossFit } from '#engine/common/statistics/cross-fit.ts'

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** As `crossFit`, of one group, one example at a time. */
function byHand(mixtures: readonly (readonly number[])[], usual: number): number[] {
  return (mixtures[0] ?? []).map((_, at) => {
    const rest = mixtures.map((scores) => scores.filter((_, other) => other % 10 !== at % 10))
    const sums = rest.map((scores) => scores.reduce((sum, score) => sum + score, 0))
    const highest = Math.max(...sums)
    const best = sums[usual] === highest ? usual : sums.indexOf(highest)
    return mixtures[best]?.[at] ?? Number.NaN
  })
}

function drawn(seed: number, chances: readonly number[], count: number): number[][] {
  const uniform = seededUniform(seed)
  return chances.map((chance) => Array.from({ length: count }, () => Number(uniform() < chance)))
}

describe('cross-fitting', () => {
  it('scores every example with the mixture that the others choose', () => {
    const mixtures = drawn(1, [0.5, 0.55, 0.6], 47)
    const places = Array.from({ length: 47 }, (_, at) => at)
    const fitted = crossFit(mixtures, 1, [places], null)
    expect(fitted.scores).toEqual(byHand(mixtures, 1))
    const sums = mixtures.map(mean)
    expect(sums[fitted.chosen[0] ?? -1]).toBe(Math.max(...sums))
  })

  it('chooses by the average that is asked for, and for each group on its own', () => {
    // The first is right in the large relation, the second in the small one.
    const relationOf = Array.from({ length: 30 }, (_, at) => (at < 20 ? 'large' : 'small'))
    const strata = strataOf(relationOf)
    const one = relationOf.map((relation, at) => (relation === 'large' ? Number(at % 5 !== 0) : 0))
    const other = relationOf.map((relation, at) => (relation === 'large' ? Number(at % 4 === 0) : 1))
    const all = [relationOf.map((_, at) => at)]
    // Micro 16 to 15 of 30, macro 0.4 to 0.625.
    expect(crossFit([one, other], 0, all, null).chosen).toEqual([0])
    expect(crossFit([one, other], 0, all, strata).chosen).toEqual([1])
    expect(crossFit([one, other], 0, strata, strata).chosen).toEqual([0, 1])
  })

  it('is not too high by chance where no mixture is better, as the best of many is', () => {
    const chances = new Array<number>(28).fill(0.5)
    const places = Array.from({ length: 100 }, (_, at) => at)
    const repeated = Array.from({ length: 200 }, (_, seed) => {
      const mixtures = drawn(seed + 1, chances, 100)
      const { scores, chosen } = crossFit(mixtures, 0, [places], null)
      return { best: mean(mixtures[chosen[0] ?? -1] ?? []), honest: mean(scores) }
    })
    // Standard error of the mean of 200 accuracies of 100 examples: 0.0035.
    expect(Math.abs(mean(repeated.map(({ honest }) => honest)) - 0.5)).toBeLessThan(0.0125)
    expect(mean(repeated.map(({ best }) => best))).toBeGreaterThan(0.58)
  })
})
