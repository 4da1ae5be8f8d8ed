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
      expect(lowerBound({ differences: drawn, ends }, total, alpha)).toBeCloseTo(low, 12)
  })

  it('is the mean itself once all examples were drawn', () => {
    const low = lowerBound({ differences, ends: [4, 8, 12] }, 12, 0.05)
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
        const wrong = orders.filter((order) => isAbove({ differences: order, ends }, 8, 1 / 8, alpha))
        expect(wrong.length / orders.length).toBeLessThanOrEqual(alpha)
        // Nor is it so careful that it never says anything.
        if (alpha === 0.5) expect(wrong.length).toBeGreaterThan(0)
      }
  })
})
