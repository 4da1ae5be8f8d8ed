import { beforeAll, expect, test } from 'vitest'
import { discretize } from '#engine/baselines/discretization.ts'
import { gatherRows, type Matrix, row } from '#engine/common/contract/matrix.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { type ModelWithTable, openWithTable } from '#test/support/open-with-table.ts'
import { nearestSharedWord, sharedWordIds } from '#test/support/reference-baselines.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'

let source: ModelWithTable
let target: ModelWithTable
beforeAll(async () => {
  source = await openWithTable({ folder: referenceModelFolder('roberta') })
  target = await openWithTable({ folder: referenceModelFolder('gpt2') })
})

const nearWords = (ids: number[]): Matrix => {
  const { rows, columns, data } = gatherRows(source.table, ids)
  const noise = seededNormal(3, data.length, 0, 0.3 * source.report.standardDeviation)
  return { rows, columns, data: data.map((value, at) => value + noise[at]) }
}

test('each vector becomes the nearest shared word, as a search over all pairs of words finds it', async () => {
  const shared = sharedWordIds(source, target)
  expect(shared.length).toBeGreaterThan(20)
  const vectors = nearWords([shared[3][0], shared[11][0], 7, shared[17][0]])
  const { vectors: transferred, notes } = await discretize(vectors, source, target, 'cpu')
  for (let i = 0; i < vectors.rows; i++) {
    const best = nearestSharedWord(source, target, [...row(vectors, i)])
    const found = transferred.data.subarray(i * transferred.columns, (i + 1) * transferred.columns)
    expect([...found]).toEqual([...row(target.table, best.other)])
    expect(notes.join()).toContain(
      `${source.vocabulary.byId.get(best.own)?.stored} (${best.cosine.toFixed(2)})`
    )
  }
})

test('a shared word itself becomes that word', async () => {
  const [[own, other]] = sharedWordIds(source, target)
  const { vectors } = await discretize(gatherRows(source.table, [own]), source, target, 'cpu')
  expect([...vectors.data]).toEqual([...row(target.table, other)])
})
