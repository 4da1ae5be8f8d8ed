import { describe, expect, it } from 'vitest'
import { averageAccuracy, rankCandidates, scoreRanks } from '../../../engine/tasks/metrics.ts'

describe('rankCandidates', () => {
  const candidates = Int32Array.of(50, 20, 70, 10)

  it('ranks within the candidates with probabilities among them', () => {
    const { rank, top } = rankCandidates(Float32Array.of(1, 3, 2, 0), candidates, 70)
    expect(rank).toBe(2)
    expect(top.map((entry) => entry.token)).toEqual([20, 70, 50, 10])
    const total = Math.exp(1) + Math.exp(3) + Math.exp(2) + 1
    expect(top[0].probability).toBeCloseTo(Math.exp(3) / total, 12)
  })

  it('counts equal logits in order of the candidates', () => {
    const logits = Float32Array.of(2, 2, 2, 2)
    expect(rankCandidates(logits, candidates, 50).rank).toBe(1)
    expect(rankCandidates(logits, candidates, 10).rank).toBe(4)
  })

  it('keeps ten of many, agreeing with a sort', () => {
    const logits = Float32Array.from({ length: 500 }, (_, i) => (Math.sin(i * 12.9898) * 43758.5453) % 1)
    const many = Int32Array.from({ length: 500 }, (_, i) => i)
    const sorted = [...many].sort((a, b) => logits[b] - logits[a])
    const { rank, top } = rankCandidates(logits, many, 123)
    expect(top.map((entry) => entry.token)).toEqual(sorted.slice(0, 10))
    expect(rank).toBe(sorted.indexOf(123) + 1)
  })
})

describe('scores', () => {
  it('gives P@1, P@10 and the mean reciprocal rank', () => {
    expect(scoreRanks([1, 2, 11, 1])).toEqual({
      examples: 4,
      accuracy: 0.5,
      precisionAt10: 0.75,
      meanReciprocalRank: (1 + 1 / 2 + 1 / 11 + 1) / 4
    })
  })

  it('averages over examples and over tasks, leaving empty tasks out', () => {
    const tasks = [scoreRanks([1, 1, 1, 2]), scoreRanks([3]), scoreRanks([])]
    expect(averageAccuracy(tasks)).toEqual({ micro: 3 / 5, macro: (0.75 + 0) / 2 })
  })
})
