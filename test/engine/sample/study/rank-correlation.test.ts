import { describe, expect, it } from 'vitest'
import { rankCorrelation } from '../../../../engine/sample/study/rank-correlation.ts'

const paired = (x: number[], y: number[]) => x.map((value, index): [number, number] => [value, y[index]])

describe('rankCorrelation', () => {
  it('is one, minus one, or what NumPy gives of the mean ranks', () => {
    expect(rankCorrelation(paired([1, 2, 3, 4], [1, 10, 100, 1000]))).toBeCloseTo(1, 12)
    expect(rankCorrelation(paired([1, 2, 3, 4], [4, 3, 2, 1]))).toBeCloseTo(-1, 12)
    // numpy.corrcoef([1, 2, 3, 4, 5], [1, 2, 3.5, 5, 3.5])
    expect(rankCorrelation(paired([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]))).toBeCloseTo(0.820782681668123, 12)
  })

  it('takes nothing from the order of ties', () => {
    const [x, y] = [
      [1, 2, 3, 4],
      [7, 7, 7, 9]
    ]
    const reversed = paired(x.toReversed(), y.toReversed())
    expect(rankCorrelation(paired(x, y))).toBeCloseTo(rankCorrelation(reversed), 12)
    expect(rankCorrelation(paired(x, [7, 7, 7, 7]))).toBe(0)
  })
})
