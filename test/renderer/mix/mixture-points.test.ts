/** The weights that pictures are drawn for. */
import { describe, expect, it } from 'vitest'
import { mixtureWeights, profileWeights, sharesOf } from '#renderer/mix/mixture-points.ts'

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

  it('go for a profile from 0 to 1 of each source, the others keeping their proportions', () => {
    const shares = [0.4, 0.3, 0.2, 0.1]
    const points = profileWeights(shares)
    expect(points).toHaveLength(4 * 9)
    for (const { source, at, weights } of points) {
      expect(weights[source]).toBe(at)
      // Sums of quotients in float64.
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
      const [one, other] = [0, 1, 2, 3].filter((index) => index !== source)
      if (at < 1)
        expect((weights[one] ?? 0) / (weights[other] ?? 1)).toBeCloseTo(
          (shares[one] ?? 0) / (shares[other] ?? 1),
          12
        )
    }
    const alone = profileWeights([1, 0, 0, 0]).find(({ source, at }) => source === 0 && at === 0.25)
    expect(alone?.weights).toEqual([0.25, 0.25, 0.25, 0.25])
  })

  it('stand where the sliders are by their shares', () => {
    expect(sharesOf([1, 0.6])).toEqual([1 / 1.6, 0.6 / 1.6])
    expect(sharesOf([0, 0])).toEqual([0.5, 0.5])
  })
})
