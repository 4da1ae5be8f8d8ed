import { describe, expect, test } from 'vitest'
import { statisticsOf } from '#engine/common/mixing/rescale.ts'
import { type Dense, toMatrix } from '#engine/linear-algebra/dense.ts'
import { adamSearch } from '#engine/transfer/adam-search.ts'
import { type EncodedSources, encodeSources } from '#engine/transfer/encode-sources.ts'
import { measureMatching } from '#engine/transfer/matching.ts'
import { rescale, rescaleGradient } from '#engine/transfer/rescale.ts'
import { smallWorld } from '#test/support/small-world.ts'

const topK = { kind: 'top-k', k: 60, from: 'sum' } as const
const settings = {
  kind: 'adam',
  steps: 30,
  learningRate: 5e-3,
  seed: 4,
  selection: 'last'
} as const

async function encodedWorld() {
  const world = smallWorld()
  return { ...world, encoded: await encodeSources(world.sources, world.target.space, topK) }
}

async function totalMatching(
  encoded: EncodedSources,
  space: Parameters<typeof measureMatching>[0],
  vectors: Dense
) {
  const matching = await measureMatching(space, vectors, encoded.masks, encoded.sources)
  return matching.reduce((sum, { total }) => sum + total, 0)
}

const somewhere = (rows: number, columns: number): Dense => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(3 * i + 1))
})

test('the gradient through the rescaling equals finite differences', () => {
  const found = somewhere(2, 6)
  const target = { mean: 0.3, standardDeviation: 1.7 }
  const weights = Float64Array.from({ length: 12 }, (_, i) => Math.cos(i))
  const value = (data: Float64Array): number =>
    rescale({ ...found, data }, target).data.reduce((sum, x, i) => sum + weights[i] * x ** 2, 0)
  const upstream = rescale(found, target).data.map((x, i) => 2 * weights[i] * x)
  const gradient = rescaleGradient(found, upstream, target)
  for (let at = 0; at < 12; at++) {
    const [more, less] = [found.data.slice(), found.data.slice()]
    more[at] += 1e-5
    less[at] -= 1e-5
    expect(gradient[at]).toBeCloseTo((value(more) - value(less)) / 2e-5, 6)
  }
})

describe('the search', () => {
  test('is the same for the same seed and another for another', async () => {
    const { target, encoded } = await encodedWorld()
    const run = (seed: number) => adamSearch(target.space, encoded, { ...settings, seed }, null)
    const [first, again, other] = [await run(4), await run(4), await run(5)]
    expect([...again.vectors.data]).toEqual([...first.vectors.data])
    expect([...other.vectors.data]).not.toEqual([...first.vectors.data])
  })

  test('starts with the spread of the reference, √(2/(m + e)), and records the loss before each step', async () => {
    const { target, encoded } = await encodedWorld()
    const still = { ...settings, steps: 1, learningRate: 1e-12 }
    const { vectors, loss } = await adamSearch(target.space, encoded, still, null)
    expect(statisticsOf(vectors.data).standardDeviation).toBeCloseTo(Math.sqrt(2 / 23), 1)
    const matching = await totalMatching(encoded, target.space, vectors)
    expect(loss[0]).toBeCloseTo(1 - matching / 3 / 3, 6)
  })

  test.each([5e-3, 3])('chooses the step with the lowest loss at rate %d', async (learningRate) => {
    const { target, encoded } = await encodedWorld()
    const wild = { ...settings, learningRate, selection: 'lowest-loss' } as const
    const { vectors, loss, chosenStep } = await adamSearch(target.space, encoded, wild, null)
    expect(loss[chosenStep]).toBe(Math.min(...loss))
    expect(1 - (await totalMatching(encoded, target.space, vectors)) / 9).toBeCloseTo(loss[chosenStep], 5)
  })

  test('rescaling inside the descent ends with the statistics of the table', async () => {
    const { target, encoded } = await encodedWorld()
    const { statistics } = target.table
    const { vectors, loss } = await adamSearch(target.space, encoded, settings, statistics)
    const found = statisticsOf(vectors.data)
    expect(found.mean).toBeCloseTo(statistics.mean, 9)
    expect(found.standardDeviation).toBeCloseTo(statistics.standardDeviation, 9)
    expect(loss[29]).toBeLessThan(loss[0])
    expect(1 - (await totalMatching(encoded, target.space, vectors)) / 9).toBeLessThan(loss[0])
  })

  test('tells its loss at each step and ends when cancelled', async () => {
    const { target, encoded } = await encodedWorld()
    const controller = new AbortController()
    const seen: number[] = []
    const options = {
      signal: controller.signal,
      progress: (done: number, _total: number, _label: string, values?: Record<string, number>) => {
        seen.push(values?.['loss'] ?? Number.NaN)
        if (done === 5) controller.abort()
      }
    }
    await expect(adamSearch(target.space, encoded, settings, null, options)).rejects.toMatchObject({
      code: 'cancelled'
    })
    expect(seen).toHaveLength(5)
    expect(seen.every((loss) => loss > 0 && loss < 2)).toBe(true)
  })

  test('hands out snapshots: the vectors as a shorter search ends with them', async () => {
    const { target, encoded } = await encodedWorld()
    const { snapshots } = await adamSearch(target.space, encoded, { ...settings, snapshotEvery: 12 }, null)
    expect(snapshots.map(({ step }) => step)).toEqual([12, 24])
    const shorter = await adamSearch(target.space, encoded, { ...settings, steps: 12 }, null)
    expect([...snapshots[0].vectors.data]).toEqual([...shorter.vectors.data])
  })

  test('refuses a start of another shape', async () => {
    const { target, encoded } = await encodedWorld()
    const start = toMatrix(somewhere(2, 20))
    await expect(adamSearch(target.space, encoded, { ...settings, start }, null)).rejects.toMatchObject({
      code: 'mismatch',
      detail: { found: '2 × 20', expected: '3 × 20' }
    })
  })
})
