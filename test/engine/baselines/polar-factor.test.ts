import { SingularValueDecomposition, Matrix as SmallMatrix } from 'ml-matrix'
import { describe, expect, test } from 'vitest'
import { polarFactor } from '#engine/baselines/polar-factor.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { largestDifference } from '#test/support/safetensors.ts'

/** Random with columns that fade to 1e-5, so that the singular values spread. */
function fading(rows: number, columns: number) {
  const data = Float64Array.from(seededNormal(rows, rows * columns, 0, 1))
  return { rows, columns, data: data.map((value, at) => value * 10 ** ((-5 * (at % columns)) / columns)) }
}

function bySingularValues({ rows, columns, data }: ReturnType<typeof fading>): number[] {
  const { leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(
    SmallMatrix.from1DArray(rows, columns, data),
    { autoTranspose: true }
  )
  return leftSingularVectors.mmul(rightSingularVectors.transpose()).to1DArray()
}

describe.each([
  [16, 16],
  [12, 20],
  [20, 12]
])('of %d × %d', (rows, columns) => {
  test('equals U Vᵀ of the singular value decomposition', async () => {
    const matrix = fading(rows, columns)
    const { factor, rank } = await polarFactor(matrix)
    expect(rank).toBe(Math.min(rows, columns))
    expect(largestDifference(factor.data, bySingularValues(matrix))).toBeLessThan(1e-8)
  })
})

test('of a matrix of rank 2 it is orthogonal in two directions and zero in the others', async () => {
  const [left, right] = [seededNormal(1, 20, 0, 1), seededNormal(2, 14, 0, 1)]
  const data = Float64Array.from({ length: 70 }, (_, at) => {
    const [i, j] = [Math.floor(at / 7), at % 7]
    return left[i] * right[j] + left[10 + i] * right[7 + j]
  })
  const { factor, rank } = await polarFactor({ rows: 10, columns: 7, data })
  expect(rank).toBe(2)
  const squares = factor.data.reduce((sum, value) => sum + value * value, 0)
  expect(squares).toBeCloseTo(2, 10)
  // A partial isometry is its own X Xᵀ X.
  const matrix = SmallMatrix.from1DArray(10, 7, factor.data)
  const cubic = matrix.mmul(matrix.transpose()).mmul(matrix)
  expect(largestDifference(cubic.to1DArray(), factor.data)).toBeLessThan(1e-10)
})

test('of zeros it is zero', async () => {
  const { factor, rank } = await polarFactor({ rows: 2, columns: 3, data: new Float64Array(6) })
  expect([rank, ...factor.data]).toEqual([0, 0, 0, 0, 0, 0, 0])
})

test('ends when it is cancelled', async () => {
  await expect(polarFactor(fading(4, 4), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled'
  })
})
