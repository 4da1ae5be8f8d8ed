import { describe, expect, it } from 'vitest'
import { type Answers, accuracyOf } from '#engine/sample/study/measure.ts'

/** 200 facts, every fourth answered right; each by so many seeds. */
function answers(seeds: number): Answers {
  return new Map(Array.from({ length: 200 }, (_, fact) => [`${fact}`, Array(seeds).fill(fact % 4 === 0)]))
}

describe('the accuracy of a method', () => {
  it('counts every answer, and every fact once', () => {
    const figure = accuracyOf(
      new Map([
        ['one', [true, true, false]],
        ['two', [false, false, false]]
      ])
    )
    expect(figure).toMatchObject({ accuracy: 1 / 3, facts: 2, n: 6 })
  })

  it('is no surer of answers that every seed repeats', () => {
    const [once, thrice] = [accuracyOf(answers(1)), accuracyOf(answers(3))]
    expect({ low: thrice.low, high: thrice.high }).toEqual({ low: once.low, high: once.high })
  })

  it('has the interval of the binomial distribution, within a tenth of its width', () => {
    const { low, high } = accuracyOf(answers(1))
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 200)
    expect(Math.abs(low - (0.25 - half))).toBeLessThan(0.2 * half)
    expect(Math.abs(high - (0.25 + half))).toBeLessThan(0.2 * half)
  })
})
