import { expect, test } from 'vitest'
import { statisticsOf } from '#engine/common/mixing/rescale.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'

const table = { width: 500, mean: -0.02, standardDeviation: 0.05 }

test('random vectors have the statistics of the table, within five standard errors', () => {
  const { rows, columns, data } = randomVectors(40, 1, table)
  expect([rows, columns]).toEqual([40, 500])
  const own = statisticsOf(data)
  const standardError = table.standardDeviation / Math.sqrt(data.length)
  expect(Math.abs(own.mean - table.mean)).toBeLessThan(5 * standardError)
  expect(Math.abs(own.standardDeviation - table.standardDeviation)).toBeLessThan(5 * standardError)
})

test('one seed gives the same vectors, another others', () => {
  expect(randomVectors(2, 1, table)).toEqual(randomVectors(2, 1, table))
  expect(randomVectors(2, 2, table)).not.toEqual(randomVectors(2, 1, table))
})
