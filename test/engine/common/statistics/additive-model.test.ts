import { describe, expect, it } from 'vitest'
import { additiveModel } from '#engine/common/statistics/additive-model.ts'
import { membersOf } from '#engine/common/statistics/contribution.ts'

describe('the additive model', () => {
  it('predicts what the posterior of a Gaussian process of the same covariance does', () => {
    // numpy, in the view of functions: K(x, x') = 10⁶ + 0.01 · (sources in common), noise variance + 0.01².
    const predict = additiveModel(
      [
        { set: 0b001, accuracy: 0.3, variance: 0.0004 },
        { set: 0b010, accuracy: 0.4, variance: 0.0004 },
        { set: 0b100, accuracy: 0.35, variance: 0.0009 },
        { set: 0b011, accuracy: 0.5, variance: 0.0004 }
      ],
      3
    )
    for (const [set, mean, standardDeviation] of [
      [0b101, 0.4140211638, 0.0413122493],
      [0b110, 0.509259259, 0.0413122493],
      [0b111, 0.58333334, 0.0556776431]
    ]) {
      expect(predict(set).mean).toBeCloseTo(mean, 7)
      expect(predict(set).standardDeviation).toBeCloseTo(standardDeviation, 7)
    }
  })

  it('is less sure where the sources do together what none does alone', () => {
    const sets = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    const additive = sets.map((set) => ({ set, accuracy: 0.3 + 0.02 * set, variance: 1e-4 }))
    const jagged = additive.map((tried) => ({
      ...tried,
      accuracy: tried.accuracy + (membersOf(tried.set).length % 2 === 0 ? 0.1 : -0.1)
    }))
    const spread = (tried: typeof additive): number => additiveModel(tried, 4)(15).standardDeviation
    expect(spread(jagged)).toBeGreaterThan(2 * spread(additive))
  })
})
