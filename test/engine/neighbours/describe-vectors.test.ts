import { expect, test } from 'vitest'
import { type Matrix, row } from '#engine/common/contract/matrix.ts'
import { describeVectors } from '#engine/neighbours/describe-vectors.ts'
import { openWithTable } from '#test/support/open-with-table.ts'
import { cosine, dotProduct, toRows } from '#test/support/reference-method.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'

/** Float32 products of vectors some 32 wide, beside float64 ones. */
const tolerance = 1e-5

const reference = (family: string) => ({ folder: referenceModelFolder(family) })

function twoVectors(width: number): Matrix {
  return {
    rows: 2,
    columns: width,
    data: Float32Array.from({ length: 2 * width }, (_, i) => Math.sin(i + 1))
  }
}

test.each(referenceFamilies)('nearest words and lengths in %s equal float64 ones', async (family) => {
  const model = await openWithTable(reference(family))
  const vectors = twoVectors(model.report.width)
  const places = await describeVectors({ model: reference(family), vectors, count: 7 })
  const length = (values: number[]): number => Math.sqrt(dotProduct(values, values))
  const table = toRows(model.table)
  const words = model.vocabulary.tokens.filter(({ kind }) => kind !== 'unused')
  const usedLengths = model.usedRows.map((id) => length(table[id]))
  for (const [i, vector] of toRows(vectors).entries()) {
    const { norm, normPercentile, nearestWords } = places[i]
    expect(norm).toBeCloseTo(length(vector), 6)
    const shorter = usedLengths.filter((other) => other <= length(vector)).length
    expect(normPercentile).toBeCloseTo(shorter / usedLengths.length, 12)
    const best = words
      .filter(({ id }) => length(table[id]) > 0)
      .map(({ id }) => cosine(vector, table[id]))
      .sort((a, b) => b - a)
    expect(nearestWords).toHaveLength(7)
    for (const [rank, word] of nearestWords.entries()) {
      expect(word.token).toBe(model.vocabulary.byId.get(word.id)?.stored)
      expect(Math.abs(word.cosine - best[rank])).toBeLessThan(tolerance)
      expect(Math.abs(word.cosine - cosine(vector, table[word.id]))).toBeLessThan(tolerance)
    }
  }
})

test('a row of the table is nearest to itself, and a vector of zeros to nothing', async () => {
  const { table, usedRows, report } = await openWithTable(reference('bert'))
  const id = usedRows[7]
  const vectors = { rows: 2, columns: report.width, data: new Float32Array(2 * report.width) }
  vectors.data.set(row(table, id))
  const [word, zero] = await describeVectors({ model: reference('bert'), vectors, count: 3 })
  expect(word.nearestWords[0].id).toBe(id)
  expect(word.nearestWords[0].cosine).toBeCloseTo(1, 6)
  expect(zero).toEqual({ norm: 0, normPercentile: 0, nearestWords: [] })
})

test('vectors of another width are refused, and values that are no numbers', async () => {
  const { report } = await openWithTable(reference('bert'))
  const model = reference('bert')
  await expect(describeVectors({ model, vectors: twoVectors(3), count: 1 })).rejects.toMatchObject({
    code: 'mismatch',
    detail: { found: 'vectors of 3 values', where: 'tiny-bert' }
  })
  const vectors = twoVectors(report.width)
  vectors.data[5] = Number.NaN
  await expect(describeVectors({ model, vectors, count: 1 })).rejects.toMatchObject({ code: 'bad-value' })
})
