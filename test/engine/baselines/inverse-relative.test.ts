import { expect, test } from 'vitest'
import { inverseRelative } from '#engine/baselines/inverse-relative.ts'
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { transfer } from '#engine/transfer/transfer.ts'
import { decodeRelative } from '#test/support/reference-baselines.ts'
import { cosine, toRows, unit } from '#test/support/reference-method.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { promptNear, sharedTable, smallWorld, targetOf } from '#test/support/small-world.ts'

const { sources, target } = smallWorld({ widths: [14] })
const [{ space, prompt, anchors }] = sources

test('is the least-squares answer to "which vector has this code with the unit anchors"', async () => {
  const { vectors } = await inverseRelative(space, target.space, prompt)
  const expected = decodeRelative(toRows(anchors), toRows(target.space.anchors), toRows(prompt))
  expect(largestDifference(vectors.data, expected.flat())).toBeLessThan(1e-5)
})

test('has the direction of the exact search without ridge', async () => {
  const { vectors } = await inverseRelative(space, target.space, prompt)
  const search = { kind: 'exact', ridge: 0 } as const
  const { prompt: exact } = await transfer({
    sources,
    target,
    mask: { kind: 'all' },
    search,
    rescale: 'none'
  })
  const rows = toRows(exact)
  for (const [i, row] of rows.entries())
    expect(cosine(row, [...vectors.data.subarray(i * 20, i * 20 + 20)])).toBeGreaterThan(1 - 1e-10)
})

test('within one model, vectors come back at length 1', async () => {
  const table = sharedTable(120, 14, 10)
  const own = promptNear(table, 3, 5)
  const { vectors } = await inverseRelative(prepareSource(table, 's', 'cpu'), targetOf(table).space, own)
  expect(largestDifference(vectors.data, toRows(own).flatMap(unit))).toBeLessThan(1e-5)
})
