import { expect, test } from 'vitest'
import { denseRow, toDense } from '#engine/linear-algebra/dense.ts'
import { spectrumOf } from '#engine/linear-algebra/spectrum.ts'
import { encodeSources } from '#engine/transfer/encode-sources.ts'
import { exactSearch, exactSearchWithBound } from '#engine/transfer/exact-search.ts'
import { combineRights, measureMatching, solutionMatching } from '#engine/transfer/matching.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { describeOnDevices } from '#test/support/devices.ts'
import { cosine, encodeRows, matchingOf, optimumOf, toRows } from '#test/support/reference-method.ts'
import { sharedTable, smallWorld } from '#test/support/small-world.ts'

await describeOnDevices('the exact search holds on anisotropic tables', (device) => {
  test.each([
    { decay: 0.9, mask: { kind: 'top-k', k: 150, from: 'sum' }, least: 1.5e5 },
    // More masks than are worth Gram matrices: passes over the anchors.
    { decay: 0.9, mask: { kind: 'top-k', k: 150, from: 'sum' }, least: 1.5e5, vectors: 7 },
    { decay: 0.9, mask: { kind: 'all' }, least: 1.5e5 },
    // Further than float32 can tell from a singular table.
    { decay: 0.75, mask: { kind: 'top-k', k: 150, from: 'sum' }, least: 1e12 },
    // So few anchors kept that conjugate gradients end before they arrive.
    { decay: 0.9, mask: { kind: 'top-k', k: 55, from: 'sum' }, least: 1.5e5 }
  ] as const)('condition over $least under $mask', async ({ decay, mask, least, ...more }) => {
    const world = smallWorld({ anchors: 300, widths: [60], target: 50, vectors: 2, decay, device, ...more })
    const { space } = world.target
    expect((await spectrumOf(await space.exactGram())).condition).toBeGreaterThan(least)

    const { sources, masks } = await encodeSources(world.sources, space, mask)
    const { solutions } = await exactSearch(space, combineRights(sources), masks, [0])
    const matching = await measureMatching(space, solutions[0].vectors, masks, sources)
    // What the search says of its solutions, of which float64 measured a first part, is what float64 measures of them.
    const said = solutionMatching(solutions[0], sources)
    // Beside a ridge the optimum is solved for its matching alone, or not at all: a solution that lacks more, and its
    // matching the square of that.
    const { bound } = await exactSearchWithBound(space, combineRights(sources), masks, [0.1])

    const codes = encodeRows(toRows(world.sources[0].prompt), toRows(world.sources[0].anchors))
    const anchors = toRows(space.anchors)
    for (const [i, code] of codes.entries()) {
      const keep = [...masks.rows[i]]
      const best = optimumOf([code], [1], keep, anchors, 0)
      expect(Math.abs(matching[i].total - matchingOf([code], [1], keep, anchors, best))).toBeLessThan(1e-6)
      expect(Math.abs(said[i].total - matching[i].total)).toBeLessThan(1e-9)
      expect(Math.abs(bound.matching[i] - matching[i].total)).toBeLessThan(1e-8)
      expect(cosine([...denseRow(solutions[0].vectors, i)], best)).toBeGreaterThan(0.9999)
    }
  })
})

test.each([0, 1e-7, 1e-3])(
  'no matching is above the bound where anchors are rank deficient, λ %s',
  async (ridge) => {
    const { sources: given, target } = smallWorld({ anchors: 300, widths: [60], target: 50, vectors: 3 })
    const { sources, masks } = await encodeSources(given, target.space, { kind: 'common-top-k', k: 30 })
    const right = combineRights(sources)
    const { solutions, bound } = await exactSearchWithBound(target.space, right, masks, [ridge])
    expect(bound.ridge).toBeGreaterThan(0)
    for (const [i, { total }] of solutionMatching(solutions[0], sources).entries()) {
      expect(total).toBeLessThanOrEqual(bound.matching[i] + 1e-12)
      // As many directions as anchors: each code is met.
      expect(bound.matching[i]).toBeCloseTo(1, 9)
    }
  }
)

test('an optimum is not bettered by any small step away from it', async () => {
  const { sources: given, target } = smallWorld()
  const { sources, masks } = await encodeSources(given, target.space, { kind: 'top-k', k: 60, from: 'sum' })
  const { solutions } = await exactSearch(target.space, combineRights(sources), masks, [0])
  const best = await measureMatching(target.space, solutions[0].vectors, masks, sources)
  for (let coordinate = 0; coordinate < 20; coordinate++) {
    const moved = { ...solutions[0].vectors, data: solutions[0].vectors.data.slice() }
    for (let i = 0; i < moved.rows; i++) moved.data[i * moved.columns + coordinate] *= 1.01
    const matching = await measureMatching(target.space, moved, masks, sources)
    for (const [i, { total }] of matching.entries()) expect(total).toBeLessThanOrEqual(best[i].total)
  }
})

test('the factors of a prepared target are made once', async () => {
  const space = prepareTarget(sharedTable(80, 20, 3), 'target', 'cpu')
  const gram = await space.exactGram()
  expect(await space.exactGram()).toBe(gram)
  expect(await gram.factor(0.1)).toBe(await gram.factor(0.1))
  expect(toDense(space.anchors).data).toHaveLength(1600)
})
