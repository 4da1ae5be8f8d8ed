import { describe, expect, it } from 'vitest'
import { membersOf, shapleyValues } from '#engine/common/statistics/contribution.ts'

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
    for (const [source, [value]] of shapleyValues(values.map((value) => [value])).entries())
      expect(value).toBeCloseTo(byOrders(values, sources)[source], 13)
  })

  it('add up to what all are worth above none', () => {
    const values = [0.1, ...three.slice(1)]
    const shares = shapleyValues(values.map((value) => [value]))
    expect(shares.reduce((sum, [value]) => sum + value, 0)).toBeCloseTo(0.62 - 0.1, 13)
  })

  it('are those of each example, of several at once', () => {
    const other = three.map((value) => value ** 2)
    const both = shapleyValues(three.map((value, set) => [value, other[set]]))
    for (const [source, values] of both.entries())
      for (const [at, alone] of [three, other].entries())
        expect(values[at]).toBeCloseTo(byOrders(alone, 3)[source], 13)
  })

  it('refuses values of some sets only', () => {
    expect(() => shapleyValues(three.slice(1).map((value) => [value]))).toThrow(
      '7 is not the number of all sets'
    )
  })
})

describe('a set', () => {
  it('names its members by bits', () => {
    expect(membersOf(0b1011)).toEqual([0, 1, 3])
    expect(membersOf(0)).toEqual([])
  })
})
