import { expect, test } from 'vitest'
import { gatherRows, type Matrix } from '#engine/common/contract/matrix.ts'
import { toDense } from '#engine/linear-algebra/dense.ts'
import { openModel } from '#engine/models/open-model.ts'
import { describeVectors } from '#engine/neighbours/describe-vectors.ts'
import { layOutPlane, principalPlane } from '#engine/neighbours/plane.ts'
import { dotProduct, type Rows, toRows, unit } from '#test/support/reference-method.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'

const model = { folder: referenceModelFolder('roberta') }

function waves(rows: number, columns: number, step: number): Matrix {
  return {
    rows,
    columns,
    data: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * step + 1))
  }
}

/** The direction of most variance of centred rows by power iteration on `XᵀX`, and the variance along it. */
function mainDirection(rows: Rows): { direction: number[]; variance: number } {
  let direction = unit(rows[0].map((_, j) => 1 + j / 7))
  for (let step = 0; step < 5000; step++) {
    const along = rows.map((row) => dotProduct(row, direction))
    direction = unit(direction.map((_, j) => rows.reduce((sum, row, i) => sum + along[i] * row[j], 0)))
  }
  return { direction, variance: rows.reduce((sum, row) => sum + dotProduct(row, direction) ** 2, 0) }
}

function centred(rows: Rows): Rows {
  const mean = rows[0].map((_, j) => rows.reduce((sum, row) => sum + row[j], 0) / rows.length)
  return rows.map((row) => row.map((value, j) => value - mean[j]))
}

/** Coordinates are found up to the sign of a direction. */
function expectUpToSign(found: number[], expected: number[]): void {
  const sign = Math.sign(dotProduct(found, expected))
  for (const [i, value] of found.entries()) expect(value * sign).toBeCloseTo(expected[i], 8)
}

test('the two components equal those of power iteration with deflation', async () => {
  const rows = waves(9, 14, 0.37)
  const { points, explained } = await principalPlane(toDense(rows))
  const values = centred(toRows(rows))
  const total = values.reduce((sum, row) => sum + dotProduct(row, row), 0)
  const first = mainDirection(values)
  const deflated = values.map((row) => {
    const along = dotProduct(row, first.direction)
    return row.map((value, j) => value - along * first.direction[j])
  })
  const second = mainDirection(deflated)
  const along = (direction: number[]): number[] => values.map((row) => dotProduct(row, direction))
  expectUpToSign(
    points.map(({ x }) => x),
    along(first.direction)
  )
  expectUpToSign(
    points.map(({ y }) => y),
    along(second.direction)
  )
  expect(explained[0]).toBeCloseTo(first.variance / total, 8)
  expect(explained[1]).toBeCloseTo(second.variance / total, 8)
})

test('one point, and points that are all the same, lie at the origin', async () => {
  expect(await principalPlane(toDense(waves(1, 5, 1)))).toEqual({
    points: [{ x: 0, y: 0 }],
    explained: [0, 0]
  })
  const same = gatherRows(waves(1, 5, 1), [0, 0, 0])
  const { points } = await principalPlane(toDense(same))
  for (const { x, y } of points) expect(Math.hypot(x, y)).toBeLessThan(1e-7)
})

test('a picture holds the vectors, the union of their nearest words, and the others, by direction alone', async () => {
  const { report } = await openModel(model)
  const [vectors, others] = [waves(3, report.width, 0.7), waves(2, report.width, 0.3)]
  const plane = await layOutPlane({ model, vectors, others, count: 4 })
  const places = await describeVectors({ model, vectors, count: 4 })
  const ids = new Set(places.flatMap(({ nearestWords }) => nearestWords.map(({ id }) => id)))
  expect(plane.words.map(({ id }) => id)).toEqual([...ids])
  expect(plane.vectors).toHaveLength(3)
  expect(plane.others).toHaveLength(2)
  const longer = { ...others, data: others.data.map((value) => value * 4) }
  const again = await layOutPlane({ model, vectors, others: longer, count: 4 })
  for (const [i, { x, y }] of again.others.entries()) {
    expect(x).toBeCloseTo(plane.others[i].x, 6)
    expect(y).toBeCloseTo(plane.others[i].y, 6)
  }
})

test('a prompt is laid out without company too', async () => {
  const { report } = await openModel(model)
  const none = { rows: 0, columns: report.width, data: new Float32Array() }
  const plane = await layOutPlane({ model, vectors: waves(2, report.width, 0.7), others: none, count: 3 })
  expect(plane.others).toEqual([])
  expect(plane.explained[0]).toBeGreaterThan(plane.explained[1])
})
