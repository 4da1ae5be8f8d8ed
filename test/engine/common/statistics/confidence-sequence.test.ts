import { describe, expect, it } from 'vitest'
import { isAbove, lowerBound } from '#engine/common/statistics/confidence-sequence.ts'

const differences = [1, 0, 1, 0, 0, 1, -1, 1, 1, 0, 0, 1]

/** Every order of a list. */
function permutations(list: readonly number[]): number[][] {
  if (list.length < 2) return [[...list]]
  return list.flatMap((first, at) => permutations(list.toSpliced(at, 1)).map((rest) => [first, ...rest]))
}

describe('the lower bound of a mean of differences', () => {
  it('is what exact fractions give', () => {
    // Python's fractions, the wealth as a product instead of a sum of logarithms, the same halvings.
    const cases: [number[], number[], number, number, number][] = [
      [differences, [4, 8, 12], 40, 0.05, -0.225738525390625],
      [differences, [12], 40, 0.05, -0.3023834228515625],
      [differences, [4, 8, 12], 14, 0.05, 0.2142791748046875],
      [[0.5, 0, 1, -0.25], [2, 4], 1000, 0.2, -0.9947509765625],
      [new Array<number>(30).fill(1), [10, 20, 30], 100, 0.01, 0.6515350341796875]
    ]
    for (const [drawn, ends, total, alpha, low] of cases)
      expect(lowerBound({ differences: drawn, weights: drawn.map(() => 1), ends }, total, alpha)).toBeCloseTo(
        low,
        12
      )
  })

  it('is the mean itself once all examples were drawn', () => {
    const low = lowerBound({ differences, weights: differences.map(() => 1), ends: [4, 8, 12] }, 12, 0.05)
    expect(low).toBeCloseTo(5 / 12, 4)
    expect(low).toBeLessThanOrEqual(5 / 12)
  })

  it('is wrong in no more than α of all orders of the examples, whenever one looks', () => {
    // All 40,320 orders of eight differences with a mean of an eighth, a look after every example and after every two.
    const population = [1, 1, 1, 0, 0, -1, -1, 0]
    const orders = permutations(population)
    for (const ends of [
      [1, 2, 3, 4, 5, 6, 7, 8],
      [2, 4, 6, 8]
    ])
      for (const alpha of [0.5, 0.2]) {
        const wrong = orders.filter((order) =>
          isAbove({ differences: order, weights: order.map(() => 1), ends }, 8, 1 / 8, alpha)
        )
        expect(wrong.length / orders.length).toBeLessThanOrEqual(alpha)
        // Nor is it so careful that it never says anything.
        if (alpha === 0.5) expect(wrong.length).toBeGreaterThan(0)
      }
  })

  it('is wrong in no more than α of all draws that favour a stratum', () => {
    // Four differences of a stratum that one is drawn from at a time, four of another that two are: chances of a quarter
    // and a half to begin with, of a third and one then, so weights of 4 and 2, and of 3 and 1. All 4! × 4! orders.
    const [rare, frequent] = [
      [1, 1, 0, -1],
      [0, 1, -1, -1]
    ]
    let wrong = 0
    for (const a of permutations(rare))
      for (const b of permutations(frequent)) {
        const drawn = [a[0], b[0], b[1], a[1], b[2], b[3]]
        if (isAbove({ differences: drawn, weights: [4, 2, 2, 3, 1, 1], ends: [3, 6] }, 8, 0, 0.5)) wrong++
      }
    expect(wrong / 576).toBeLessThanOrEqual(0.5)
    expect(wrong).toBeGreaterThan(0)
  })

  it('stakes as much more on an example as it weighs', () => {
    const ends = [4, 8, 12]
    const stakes = [0.02, 0.05, 0.1, 0.2, 0.4, 0.8]
    // The wealth by a product instead of a sum of logarithms, weights of a half: half of each stake.
    const c = -0.2
    let [drawn, sum] = [0, 0]
    const wealth = stakes.map(() => 1)
    let highest = 0
    for (const end of ends) {
      const m = (40 * c - sum) / (40 - drawn)
      for (; drawn < end; drawn++) {
        for (const [at, stake] of stakes.entries()) wealth[at] *= 1 + (stake / 2) * (differences[drawn] - m)
        sum += differences[drawn]
      }
      highest = Math.max(highest, wealth.reduce((all, value) => all + value, 0) / stakes.length)
    }
    const drawnHalf = { differences, weights: differences.map(() => 0.5), ends }
    expect(isAbove(drawnHalf, 40, c, 1.001 / highest)).toBe(true)
    expect(isAbove(drawnHalf, 40, c, 0.999 / highest)).toBe(false)
  })
})
