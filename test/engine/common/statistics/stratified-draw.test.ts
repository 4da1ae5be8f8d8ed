import { describe, expect, it } from 'vitest'
import { seededUniform } from '#engine/common/random/seeded-random.ts'
import { stratifiedDraw } from '#engine/common/statistics/stratified-draw.ts'
import { differenceSpreads, stratifiedMean } from '#engine/common/statistics/stratified-mean.ts'

/** 12 examples of a, 7 of b, 5 of c, each of three labels in turn. */
const strata = [...'a'.repeat(12), ...'b'.repeat(7), ...'c'.repeat(5)]
const labels = strata.map((_, at) => `${at % 3}`)
const sizes = [12, 7, 5]

describe('a stratified draw', () => {
  it('weights each example by one over its chance, in every block', () => {
    const spreads = [0.1, 0.5, 0.2]
    const repetitions = 20_000
    // Of the second block, where what is left differs: the weighted sum of the drawn minus what it estimates.
    const values = strata.map((_, at) => Math.sin(at))
    const uniform = seededUniform(12_345)
    const first = new Float64Array(strata.length)
    const errors = Array.from({ length: repetitions }, () => {
      const draw = stratifiedDraw({ strata, labels }, uniform)
      const one = draw.draw(8, spreads)
      for (const [at, example] of one.examples.entries()) first[example] += one.weights[at]
      const left = values.map((value, at) => (one.examples.includes(at) ? 0 : value))
      const total = draw.left()
      const { examples, weights } = draw.draw(6, spreads)
      const estimate = examples.reduce((sum, example, at) => sum + weights[at] * values[example], 0)
      return estimate - (6 / total) * left.reduce((sum, value) => sum + value, 0)
    })
    // Within four standard errors.
    const mean = errors.reduce((sum, error) => sum + error, 0) / repetitions
    const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / repetitions
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(variance / repetitions))
    for (const sum of first) expect(Math.abs(sum / repetitions - 8 / 24)).toBeLessThan(0.03)
  })

  it('draws so many of each stratum that the variance of the mean is least', () => {
    const spreads = [0.1, 0.5, 0.2]
    const counts = sizes.map(() => 0)
    const { examples } = stratifiedDraw({ strata, labels }, seededUniform(1)).draw(9, spreads)
    for (const example of examples) counts['abc'.indexOf(strata[example])]++
    let best = { variance: Number.POSITIVE_INFINITY, counts: [0, 0, 0] }
    for (let a = 1; a <= 7; a++)
      for (let b = 1; a + b <= 8; b++) {
        const tried = [a, b, 9 - a - b]
        if (tried.some((n, at) => n > sizes[at])) continue
        const variance = tried.reduce((sum, n, at) => sum + (sizes[at] * spreads[at]) ** 2 / n, 0)
        if (variance < best.variance) best = { variance, counts: tried }
      }
    // One less where a part has an empty place, which was drawn.
    for (const [at, n] of best.counts.entries()) {
      expect(counts[at]).toBeLessThanOrEqual(n)
      expect(counts[at]).toBeGreaterThanOrEqual(n - 1)
    }
  })

  it('draws each example once, and in the end all', () => {
    const draw = stratifiedDraw({ strata, labels }, seededUniform(2))
    const drawn: number[] = []
    while (draw.left() > 0) drawn.push(...draw.draw(2, [1, 1, 1]).examples)
    expect(drawn.toSorted((a, b) => a - b)).toEqual([...strata.keys()])
  })
})

describe('a stratified mean', () => {
  it('weights the means of strata by their sizes', () => {
    const drawn = [
      { size: 30, drawn: [0, 3] },
      { size: 10, drawn: [1, 2, 4] }
    ]
    expect(stratifiedMean([1, 0, 1, 0, 1], drawn)).toBeCloseTo((30 * (1 / 2) + 10 * (2 / 3)) / 40, 12)
    expect(stratifiedMean([1, 0, 1], drawn)).toBeCloseTo((30 * 1 + 10 * (1 / 2)) / 40, 12)
    expect(stratifiedMean([1], drawn)).toBe(1)
  })

  it('is told more by strata in which methods differ', () => {
    // Two methods differ in one of three examples of the first stratum: d = 1, 0, 0, half of whose variance of 1/3 is
    // that of the deviations from the mean of both; sums 1/3 and 0, one average stratum 1/3 over three degrees of freedom.
    const drawn = [
      { size: 9, drawn: [0, 1, 2] },
      { size: 9, drawn: [3, 4] }
    ]
    const spreads = differenceSpreads([{ scores: [1, 0, 1, 1, 0] }, { scores: [0, 0, 1, 1, 0] }], drawn)
    const average = 1 / 3 / 3
    expect(spreads[0]).toBeCloseTo(Math.sqrt((1 / 3 + 2 * average) / 4), 12)
    expect(spreads[1]).toBeCloseTo(Math.sqrt((2 * average) / 3), 12)
    expect(differenceSpreads([{ scores: [1, 0] }, { scores: [1, 0] }], [{ size: 4, drawn: [0, 1] }])).toEqual(
      [1]
    )
  })
})
