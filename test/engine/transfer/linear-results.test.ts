/** What comes from one solution or one Gram matrix: mixing, the ridge path, suites. */
import { describe, expect, test } from 'vitest'
import { mix } from '#engine/common/mixing/mixing.ts'
import { solveMixingBasis } from '#engine/transfer/mixing-basis.ts'
import { ridgePath } from '#engine/transfer/ridge-path.ts'
import { transfer } from '#engine/transfer/transfer.ts'
import { transferSuite } from '#engine/transfer/transfer-suite.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { promptNear, smallWorld } from '#test/support/small-world.ts'

const masks = [
  { kind: 'all' },
  { kind: 'top-k', k: 60, from: 'sum' },
  { kind: 'common-top-k', k: 60 }
] as const

describe.each(masks)('under $kind', (mask) => {
  test.each([0, 0.1])('mixing equals a transfer with those weights, ridge %d', async (ridge) => {
    const { sources, target } = smallWorld({ widths: [14, 18, 16] })
    const basis = await solveMixingBasis({ sources, target, mask, ridge, rescale: 'after' })
    for (const weights of [
      [1, 1, 1],
      [0.2, 3, 0.7]
    ]) {
      const weighted = sources.map((source, j) => ({ ...source, weight: weights[j] }))
      const search = { kind: 'exact', ridge } as const
      const { prompt, report } = await transfer({ sources: weighted, target, mask, search, rescale: 'after' })
      const mixture = mix(basis, weights)
      expect(largestDifference(mixture.prompt.data, prompt.data)).toBeLessThan(1e-6)
      for (const [i, { matching, perSource, upperBound }] of report.vectors.entries()) {
        expect(mixture.vectors[i].matching).toBeCloseTo(matching, 6)
        expect(largestDifference(mixture.vectors[i].perSource, perSource)).toBeLessThan(1e-6)
        expect(mixture.vectors[i].upperBound).toBeCloseTo(upperBound, 6)
      }
      const random = mixture.vectors.reduce((sum, one) => sum + one.random / mixture.vectors.length, 0)
      expect(random).toBeCloseTo(report.randomMatching ?? Number.NaN, 6)
    }
  })

  test('the ridge path holds the transfer at each λ', async () => {
    const { sources, target } = smallWorld()
    const ridges = [0, 0.01, 0.1, 1]
    const points = await ridgePath({ sources, target, mask, rescale: 'after' }, ridges)
    expect(points.map(({ ridge }) => ridge)).toEqual(ridges)
    for (const { ridge, prompt, vectors } of points) {
      const search = { kind: 'exact', ridge } as const
      const single = await transfer({ sources, target, mask, search, rescale: 'after' })
      expect(largestDifference(prompt.data, single.prompt.data)).toBeLessThan(1e-7)
      for (const [i, { matching, nearestWords }] of vectors.entries()) {
        expect(matching).toBeCloseTo(single.report.vectors[i].matching, 9)
        expect(nearestWords.map(({ id }) => id)).toEqual(
          single.report.vectors[i].nearestWords.map(({ id }) => id)
        )
      }
    }
    const falling = points.map(({ vectors }) => vectors[0].matching)
    expect(falling).toEqual(falling.toSorted((a, b) => b - a))
  })
})

test('with one source weighted alone, mixing gives that source’s own transfer', async () => {
  const { sources, target } = smallWorld()
  const basis = await solveMixingBasis({ sources, target, mask: { kind: 'all' }, ridge: 0, rescale: 'after' })
  const search = { kind: 'exact', ridge: 0 } as const
  const [first] = sources
  const alone = await transfer({ sources: [first], target, mask: { kind: 'all' }, search, rescale: 'after' })
  expect(largestDifference(mix(basis, [1, 0]).prompt.data, alone.prompt.data)).toBeLessThan(1e-6)
})

describe('a suite', () => {
  const { sources, target } = smallWorld()
  const suite = sources.map(({ space, weight, anchors }) => ({
    space,
    weight,
    prompts: [2, 4, 1].map((vectors, index) => promptNear(anchors, vectors, 70 + index))
  }))

  test.each([{ kind: 'all' }, { kind: 'top-k', k: 60, from: 'sum' }] as const)(
    'gives each prompt what it gets alone under $kind',
    async (mask) => {
      const outcomes = await transferSuite({ sources: suite, target, mask, ridge: 0.1, rescale: 'after' })
      for (const [index, { prompt, report }] of outcomes.entries()) {
        const own = suite.map(({ prompts, ...source }) => ({ ...source, prompt: prompts[index] }))
        const search = { kind: 'exact', ridge: 0.1 } as const
        const alone = await transfer({ sources: own, target, mask, search, rescale: 'after' })
        expect(largestDifference(prompt.data, alone.prompt.data)).toBeLessThan(1e-7)
        expect(report.meanMatching).toBeCloseTo(alone.report.meanMatching, 6)
        expect(report.vectors).toHaveLength(prompt.rows)
      }
    }
  )

  test('has one common mask for all its vectors', async () => {
    const mask = { kind: 'common-top-k', k: 60 } as const
    const [first] = await transferSuite({ sources: suite, target, mask, ridge: 0, rescale: 'after' })
    const own = suite.map(({ prompts, ...source }) => ({ ...source, prompt: prompts[0] }))
    const search = { kind: 'exact', ridge: 0 } as const
    const alone = await transfer({ sources: own, target, mask, search, rescale: 'after' })
    expect(largestDifference(first.prompt.data, alone.prompt.data)).toBeGreaterThan(1e-4)
  })

  test('refuses sources whose prompts differ in number or length', async () => {
    const [first, second] = suite
    const fewer = [first, { ...second, prompts: second.prompts.slice(1) }]
    const settings = { target, mask: { kind: 'all' }, ridge: 0, rescale: 'after' } as const
    await expect(transferSuite({ sources: fewer, ...settings })).rejects.toMatchObject({
      code: 'mismatch',
      detail: { found: 'source 0: 3; source 1: 2' }
    })
    const [long, ...rest] = second.prompts
    const shorter = [first, { ...second, prompts: [...rest, long] }]
    await expect(transferSuite({ sources: shorter, ...settings })).rejects.toMatchObject({
      code: 'mismatch',
      detail: { found: 'source 0: 2, 4, 1 vectors; source 1: 4, 1, 2 vectors' }
    })
  })
})
