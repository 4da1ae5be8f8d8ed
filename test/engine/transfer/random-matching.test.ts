/** The matching of random rows, against Eq. 5 in float64 loops over the same rows. */
import { expect, test } from 'vitest'
import { row } from '#engine/common/contract/matrix.ts'
import { seededIndices } from '#engine/common/random/seeded-random.ts'
import { encodeSources } from '#engine/transfer/encode-sources.ts'
import { exactSearch } from '#engine/transfer/exact-search.ts'
import { combineRights } from '#engine/transfer/matching.ts'
import { randomMatching } from '#engine/transfer/random-matching.ts'
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { meansOf } from '#test/support/reference-baselines.ts'
import {
  encodeRows,
  matchingOf,
  type Rows,
  sumOfUnitCodes,
  topMask,
  toRows
} from '#test/support/reference-method.ts'
import { smallWorld } from '#test/support/small-world.ts'

const less = (rows: Rows, mean: number[]): Rows => rows.map((one) => one.map((value, j) => value - mean[j]))

test.each([
  ['none', null],
  ['none', 60],
  ['mean', 60]
] as const)('centre %s, k %s', async (centre, k) => {
  const world = smallWorld()
  const { table } = world.target.table
  const sources = world.sources.map(({ anchors, ...source }) => ({
    ...source,
    space: prepareSource(anchors, 's', 'cpu', centre)
  }))
  const target = { ...world.target, space: prepareTarget(table, 't', 'cpu', centre) }
  const mask = k === null ? ({ kind: 'all' } as const) : ({ kind: 'top-k', k, from: 'sum' } as const)
  const encoded = await encodeSources(sources, target.space, mask)
  const { gram } = await exactSearch(target.space, combineRights(encoded.sources), encoded.masks, [0])
  const found = await randomMatching(target, encoded, gram)
  const moved = (rows: Rows, anchors: Rows): Rows => (centre === 'mean' ? less(rows, meansOf(anchors)) : rows)
  const codes = world.sources.map(({ prompt, anchors }) =>
    encodeRows(moved(toRows(prompt), toRows(anchors)), moved(toRows(anchors), toRows(anchors)))
  )
  const anchors = moved(toRows(table), toRows(table))
  const index = seededIndices(0)
  const drawn = moved(
    Array.from({ length: 100 }, () => [...row(table, index(table.rows))]),
    toRows(table)
  )
  for (const i of [0, 1, 2]) {
    const kept = k === null ? anchors.map(() => 1) : topMask(sumOfUnitCodes(codes, i), k)
    for (const [j, code] of codes.entries()) {
      const mean = drawn.reduce((sum, one) => sum + matchingOf([code[i]], [1], kept, anchors, one) / 100, 0)
      expect(found[i * codes.length + j]).toBeCloseTo(mean, 5)
    }
  }
})
