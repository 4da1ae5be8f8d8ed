import { describe, expect, it } from 'vitest'
import { seededNormal, seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'

describe('seeded random numbers', () => {
  it('are the same for the same seed and others for another', () => {
    expect(seededNormal(7, 100, 0, 1)).toEqual(seededNormal(7, 100, 0, 1))
    expect(seededNormal(7, 100, 0, 1)).not.toEqual(seededNormal(8, 100, 0, 1))
  })

  it('follow the normal distribution asked for', () => {
    const n = 100_000
    const values = seededNormal(3, n, 0.25, 2)
    const mean = values.reduce((sum, value) => sum + value, 0) / n
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n
    // Five standard errors of the mean and of the variance.
    expect(Math.abs(mean - 0.25)).toBeLessThan((5 * 2) / Math.sqrt(n))
    expect(Math.abs(variance - 4)).toBeLessThan(5 * 4 * Math.sqrt(2 / n))
  })

  it('shuffle every order of three about equally often', () => {
    const uniform = seededUniform(11)
    const counts = new Map<string, number>()
    for (let i = 0; i < 6000; i++) {
      const order = shuffled(['a', 'b', 'c'], uniform).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})
