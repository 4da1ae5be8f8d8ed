import { describe, expect, it } from 'vitest'
import { scorePredictions } from '#engine/common/statistics/score-predictions.ts'

describe('scorePredictions', () => {
  const ranked = (ranks: readonly number[]) => ranks.map((rank) => ({ rank, loss: rank / 2 }))

  it('gives P@1, P@10, the mean reciprocal rank and the mean loss', () => {
    expect(scorePredictions(ranked([1, 2, 11, 1]))).toMatchObject({
      examples: 4,
      accuracy: 0.5,
      precisionAt10: 0.75,
      meanReciprocalRank: (1 + 1 / 2 + 1 / 11 + 1) / 4,
      meanLoss: 15 / 8
    })
  })

  it("gives a bootstrap interval of the accuracy, near the normal one's width", () => {
    const predictions = ranked(Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 2)))
    const { low, high } = scorePredictions(predictions).accuracyInterval
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400)
    expect(low).toBeCloseTo(0.25 - half, 1)
    expect(high).toBeCloseTo(0.25 + half, 1)
    expect(high - low).toBeGreaterThan(1.6 * half)
    expect(scorePredictions(predictions).accuracyInterval).toEqual({ low, high })
  })

  it('is not certain of what always or never hit on a few examples, and zero without any', () => {
    // statsmodels.stats.proportion.proportion_confint(2, 2, method='wilson')
    expect(scorePredictions(ranked([1, 1])).accuracyInterval).toEqual({
      low: expect.closeTo(0.3423802275066531, 12),
      high: 1
    })
    expect(scorePredictions(ranked([2, 2])).accuracyInterval).toEqual({
      low: 0,
      high: expect.closeTo(1 - 0.3423802275066531, 12)
    })
    expect(scorePredictions([])).toMatchObject({ examples: 0, accuracy: 0, meanLoss: 0 })
  })
})
