import { describe, expect, it } from 'vitest'
import { marginalGains, membersOf, shapleyValues } from '#engine/common/statistics/contribution.ts'

/** The definition by orders of arrival, which the program's sum over subsets is checked against. */
function byOrders(values: readonly number[], sources: number): number[] {
  const orders = (left: readonly number[]): number[][] =>
    left.length === 0
      ? [[]]
      : left.flatMap((first) =>
          orders(left.filter((other) => other !== first)).map((rest) => [first, ...rest])
        )
  const all = orders(Array.from({ length: sources }, (_, source) => source))
  const sums = new Array<number>(sources).fill(0)
  for (const order of all) {
    let set = 0
    for (const source of order) {
      sums[source] += values[set | (1 << source)] - values[set]
      set |= 1 << source
    }
  }
  return sums.map((sum) => sum / all.length)
}

const three = [0, 0.31, 0.42, 0.55, 0.12, 0.4, 0.47, 0.62]

describe('Shapley values', () => {
  it.each([
    ['three sources', 3, three],
    ['five sources', 5, Array.from({ length: 32 }, (_, set) => Math.sin(7 * set) ** 2)]
  ])('are those of all orders of arrival, of %s', (_, sources, values) => {
    for (const [source, value] of shapleyValues(values).entries())
      expect(value).toBeCloseTo(byOrders(values, sources)[source], 13)
  })

  it('add up to what all are worth above none', () => {
    const values = [0.1, ...three.slice(1)]
    expect(shapleyValues(values).reduce((sum, value) => sum + value)).toBeCloseTo(0.62 - 0.1, 13)
  })

  it('refuses values of some sets only', () => {
    expect(() => shapleyValues(three.slice(1))).toThrow('7 is not the number of all sets')
  })
})

describe('marginal gains', () => {
  it('are means over the sets of a size', () => {
    // By hand, of the first source: alone 0.31; beside one other (0.55 − 0.42 + 0.40 − 0.12)/2; beside both 0.62 − 0.47.
    const [first] = marginalGains(three)
    for (const [size, gain] of [0.31, 0.205, 0.15].entries()) expect(first[size]).toBeCloseTo(gain, 13)
  })

  it('names the members of a set by its bits', () => {
    expect(membersOf(0b1011)).toEqual([0, 1, 3])
    expect(membersOf(0)).toEqual([])
  })
})
