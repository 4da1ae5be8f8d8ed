import { expect, test } from 'vitest'
import type { MaskSettings } from '#engine/common/contract/transfer.ts'
import { type Dense, toMatrix } from '#engine/linear-algebra/dense.ts'
import { encodeSources } from '#engine/transfer/encode-sources.ts'
import { combineRights, measureMatching } from '#engine/transfer/matching.ts'
import { openMatchingGradient } from '#engine/transfer/matching-gradient.ts'
import { describeOnDevices } from '#test/support/devices.ts'
import { smallWorld } from '#test/support/small-world.ts'

const [rows, columns] = [3, 20]
const vectors: Dense = {
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(3 * i + 1))
}
const moved = (at: number, step: number): Dense => {
  const data = vectors.data.slice()
  data[at] += step
  return { ...vectors, data }
}

/** Three masks of their own are worth Gram matrices of 3 × 20 × 20 numbers beside 120 anchors, not beside 50. */
const cases: [string, number, MaskSettings][] = [
  ['by a Gram matrix of each mask', 120, { kind: 'top-k', k: 60, from: 'sum' }],
  ['by one Gram matrix of a common mask', 120, { kind: 'common-top-k', k: 60 }],
  ['by one Gram matrix of all anchors', 120, { kind: 'all' }],
  ['by the anchors, where they are few', 50, { kind: 'top-k', k: 40, from: 'sum' }]
]

await describeOnDevices('the gradient of the matching', (device) => {
  test.each(cases)('equals finite differences: %s', async (_, anchors, mask) => {
    const { sources, target } = smallWorld({ anchors, device })
    const encoded = await encodeSources(sources, target.space, mask)
    const own = async (given: Dense): Promise<number[]> =>
      (await measureMatching(target.space, given, encoded.masks, encoded.sources)).map(({ total }) => total)
    const sum = async (given: Dense): Promise<number> =>
      (await own(given)).reduce((total, value) => total + value, 0)
    const objective = await openMatchingGradient(target.space, combineRights(encoded.sources), encoded.masks)
    const { matching, gradient } = await objective.evaluate(toMatrix(vectors))
    await objective.release()
    for (const [i, total] of (await own(vectors)).entries()) expect(matching[i]).toBeCloseTo(total, 5)
    const step = 1e-4
    for (let at = 0; at < vectors.data.length; at += 7) {
      const slope = ((await sum(moved(at, step))) - (await sum(moved(at, -step)))) / (2 * step)
      expect(gradient[at]).toBeCloseTo(slope, 5)
    }
  })
})
