import { describe, expect, it } from 'vitest'
import { rankCandidates } from '#engine/evaluation/metrics.ts'

/** Logits `[V]` that are as given at the candidates and high elsewhere. */
function logitsAt(candidates: Int32Array, values: readonly number[]): Float32Array {
  const logits = new Float32Array(600).fill(99)
  for (const [index, token] of candidates.entries()) logits[token] = values[index]
  return logits
}

describe('rankCandidates', () => {
  const candidates = Int32Array.of(50, 20, 70, 10)

  it('ranks within the candidates with probabilities among them', () => {
    const { rank, loss, top } = rankCandidates(logitsAt(candidates, [1, 3, 2, 0]), candidates, 70)
    expect(rank).toBe(2)
    expect(top.map((entry) => entry.token)).toEqual([20, 70, 50, 10])
    const total = Math.exp(1) + Math.exp(3) + Math.exp(2) + 1
    expect(top[0].probability).toBeCloseTo(Math.exp(3) / total, 12)
    expect(loss).toBeCloseTo(-Math.log(Math.exp(2) / total), 12)
  })

  it('counts equal logits in order of the candidates', () => {
    const logits = logitsAt(candidates, [2, 2, 2, 2])
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

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses a logit of %d', (value) => {
    const logits = logitsAt(candidates, [1, value, 2, 0])
    expect(() => rankCandidates(logits, candidates, 70)).toThrow(
      expect.objectContaining({ code: 'bad-value' })
    )
  })
})
