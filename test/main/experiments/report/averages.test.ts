import { describe, expect, it } from 'vitest'
import { averageDifference, averageOver, pairScores } from '#main/experiments/report/averages.ts'
import type { Measurement } from '#main/experiments/report/measure.ts'

const absent = Number.NaN

/** A measurement of one seed with these scores by the place of the example. */
function measured(scores: readonly number[]): Measurement {
  const asked = scores.filter((score) => !Number.isNaN(score))
  const mean = asked.reduce((sum, score) => sum + score, 0) / asked.length
  return {
    condition: {
      method: 'any',
      kind: 'exact',
      sources: [],
      target: 't',
      taskSet: 'facts',
      length: 5,
      anchors: null,
      mask: null,
      centre: 'none',
      rescale: null
    },
    spread: { mean, standardDeviation: null, count: 1 },
    bySeed: [mean],
    macro: mean,
    interval: { low: 0, high: 1 },
    tasks: 1,
    examples: asked.length,
    scores: Float64Array.from(scores),
    retrieval: null,
    matching: null,
    planned: 1,
    done: 1,
    validated: false,
    refined: null,
    seconds: 0
  }
}

describe('an average over conditions', () => {
  it('counts every condition once, however many examples it was asked', () => {
    const average = averageOver([measured([1, 0, 0, 0]), measured([1, 1, absent, absent])])
    expect(average?.spread.mean).toBeCloseTo((1 / 4 + 1) / 2, 12)
    expect(average?.conditions).toBe(2)
    expect(average?.interval.low).toBeLessThan(0.625)
    expect(average?.interval.high).toBeGreaterThan(0.625)
    expect(averageOver([])).toBeNull()
  })

  it('is no surer of conditions that repeat each other', () => {
    const scores = Array.from({ length: 100 }, (_, index) => (index % 3 === 0 ? 1 : 0))
    const [one, three] = [
      averageOver([measured(scores)]),
      averageOver([measured(scores), measured(scores), measured(scores)])
    ]
    expect(three?.interval.low).toBeCloseTo(one?.interval.low ?? 0, 9)
    expect(three?.interval.high).toBeCloseTo(one?.interval.high ?? 0, 9)
  })
})

describe('the difference of pairs of conditions', () => {
  it('is on the examples that both were asked, every pair counting once', () => {
    const [first, second] = [measured([1, 1, absent, 0]), measured([0, 1, 1, absent])]
    expect(pairScores(first, second)).toEqual({ first: [1, 1], second: [0, 1] })
    // The first pair gains 1/2 on two examples, the other loses 1 on one.
    const other = [measured([absent, 0, absent, absent]), measured([absent, 1, absent, absent])] as const
    expect(averageDifference([[first, second], other])?.difference).toBeCloseTo((1 / 2 - 1) / 2, 12)
    expect(averageDifference([[measured([1, absent]), measured([absent, 1])]])).toBeNull()
  })
})
