/** The weights that pictures are drawn for. */
import { describe, expect, it } from 'vitest'
import { mixtureWeights, sharesOf } from '#renderer/mix/mixture-points.ts'

describe('the weights of a picture', () => {
  it.each([
    [2, 21],
    [3, 91]
  ] as const)('of %d sources are %d, each adding up to 1 and none twice', (sources, count) => {
    const weights = mixtureWeights(sources)
    expect(new Set(weights.map((one) => one.join())).size).toBe(count)
    for (const one of weights) {
      expect(one).toHaveLength(sources)
      // Sums of twelfths and twentieths in float64.
      expect(one.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
    }
  })

  it('come coarse first: the ends, the middle, the quarters', () => {
    const seconds = mixtureWeights(2).map(([, second]) => second)
    expect(seconds.slice(0, 3).sort()).toEqual([0, 0.5, 1])
    expect(seconds.slice(3, 5).sort()).toEqual([0.25, 0.75])
    const corners = mixtureWeights(3).slice(0, 3)
    expect(corners.every((corner) => corner.includes(1))).toBe(true)
  })

  it('stand where the sliders are by their shares', () => {
    expect(sharesOf([1, 0.6])).toEqual([1 / 1.6, 0.6 / 1.6])
    expect(sharesOf([0, 0])).toEqual([0.5, 0.5])
  })
})
