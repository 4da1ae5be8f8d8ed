import { beforeAll, expect, test } from 'vitest'
import { discretize } from '#engine/baselines/discretization.ts'
import { gatherRows, type Matrix, row } from '#engine/common/contract/matrix.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { type OpenModel, openModel } from '#engine/models/open-model.ts'
import { cosine } from '#test/support/reference-method.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'

let source: OpenModel
let target: OpenModel
beforeAll(async () => {
  source = await openModel({ folder: referenceModelFolder('roberta') })
  target = await openModel({ folder: referenceModelFolder('gpt2') })
})

/** Source and target ids of the words that both write alike, by comparing every pair of tokens. */
function sharedIds(): [number, number][] {
  const words = ({ vocabulary }: OpenModel) => vocabulary.tokens.filter(({ kind }) => kind === 'word')
  return words(source).flatMap((own): [number, number][] => {
    const same = words(target).find(
      ({ surface, beginsWord }) => surface === own.surface && beginsWord === own.beginsWord
    )
    return same === undefined ? [] : [[own.id, same.id]]
  })
}

const nearWords = (ids: number[]): Matrix => {
  const { rows, columns, data } = gatherRows(source.table, ids)
  const noise = seededNormal(3, data.length, 0, 0.3 * source.report.standardDeviation)
  return { rows, columns, data: data.map((value, at) => value + noise[at]) }
}

test('each vector becomes the nearest shared word, as a search over all pairs of words finds it', async () => {
  const shared = sharedIds()
  expect(shared.length).toBeGreaterThan(20)
  const vectors = nearWords([shared[3][0], shared[11][0], 7, shared[17][0]])
  const { vectors: carried, notes } = await discretize(vectors, source, target, 'cpu')
  for (let i = 0; i < vectors.rows; i++) {
    const scored = shared.map(([own, other]) => ({
      own,
      other,
      cosine: cosine([...row(vectors, i)], [...row(source.table, own)])
    }))
    const best = scored.reduce((a, b) => (b.cosine > a.cosine ? b : a))
    const found = carried.data.subarray(i * carried.columns, (i + 1) * carried.columns)
    expect([...found]).toEqual([...row(target.table, best.other)])
    expect(notes.join()).toContain(
      `${source.vocabulary.byId.get(best.own)?.stored} (${best.cosine.toFixed(2)})`
    )
  }
})

test('a shared word itself is carried as that word', async () => {
  const [[own, other]] = sharedIds()
  const { vectors } = await discretize(gatherRows(source.table, [own]), source, target, 'cpu')
  expect([...vectors.data]).toEqual([...row(target.table, other)])
})
