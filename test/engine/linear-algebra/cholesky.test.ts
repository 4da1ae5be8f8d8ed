import { EigenvalueDecomposition, Matrix as SmallMatrix } from 'ml-matrix'
import { expect, test } from 'vitest'
import { factorise, factoriseInSingle } from '#engine/linear-algebra/cholesky.ts'
import { toMatrix } from '#engine/linear-algebra/dense.ts'
import { spectrumOf } from '#engine/linear-algebra/spectrum.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { sharedTable } from '#test/support/small-world.ts'

/** `AᵀA` of a random `[rows, size]` as an array and for ml-matrix. */
function gramOf(rows: number, size: number) {
  const table = sharedTable(rows, size, 7)
  const matrix = new SmallMatrix(
    Array.from({ length: rows }, (_, i) => [...table.data.subarray(i * size, (i + 1) * size)])
  )
  const gram = matrix.transpose().mmul(matrix)
  return { gram, dense: { rows: size, columns: size, data: Float64Array.from(gram.to1DArray()) } }
}

// One block, halves that end in equal blocks, and halves that do not.
test.each([1, 7, 64, 128, 300])('solves a system of %i', async (size) => {
  const { gram, dense } = gramOf(2 * size, size)
  const factor = await factorise(dense, 0.01)
  if (factor === null) throw new Error('no factor')
  const expected = {
    rows: 2,
    columns: size,
    data: Float64Array.from({ length: 2 * size }, (_, i) => Math.sin(i + 1))
  }
  const right = new Float64Array(2 * size)
  for (let v = 0; v < 2; v++)
    for (let i = 0; i < size; i++) {
      right[v * size + i] = 0.01 * expected.data[v * size + i]
      for (let j = 0; j < size; j++) right[v * size + i] += gram.get(i, j) * expected.data[v * size + j]
    }
  const solved = await factor.solve({ rows: 2, columns: size, data: right })
  const difference = Math.max(...solved.data.map((value, i) => Math.abs(value - expected.data[i])))
  expect(difference).toBeLessThan(1e-9)
})

test('in float32 a factor is that of float64 to its digits, and a matrix that float32 can not tell from a singular one has none', async () => {
  const size = 200
  const { dense } = gramOf(2 * size, size)
  const [single, double] = [await factoriseInSingle(toMatrix(dense), 0), await factorise(dense, 0)]
  if (single === null || double === null) throw new Error('no factor')
  const right = { rows: 1, columns: size, data: Float64Array.from({ length: size }, (_, i) => Math.cos(i)) }
  const [rough, exact] = [await single.solve(right), await double.solve(right)]
  const distance = Math.hypot(...rough.data.map((value, i) => value - exact.data[i]))
  expect(distance / Math.hypot(...exact.data)).toBeLessThan(1e-4)
  expect(distance).toBeGreaterThan(0)
  const nearlySingular = gramOf(size / 2, size).dense
  const shift = 1e-6 * nearlySingular.data[0]
  expect(await factoriseInSingle(toMatrix(nearlySingular), shift)).toBeNull()
  expect(await factorise(nearlySingular, shift)).not.toBeNull()
})

test.each([
  ['singular', 100, 200, 0],
  ['indefinite', 400, 200, -1]
])('a %s matrix has no factor', async (_, rows, size, shift) => {
  expect(await factorise(gramOf(rows, size).dense, shift)).toBeNull()
})

test('condition and effective rank are those of the eigenvalues', async () => {
  const space = prepareTarget(sharedTable(300, 90, 5, 0.95), 'target', 'cpu')
  const rows = Array.from({ length: 90 }, (_, i) =>
    [...space.unit.scales].map((scale, j) => scale * space.anchors.data[j * 90 + i])
  )
  const unit = new SmallMatrix(rows)
  const values = new EigenvalueDecomposition(unit.mmul(unit.transpose())).realEigenvalues
  const sum = (list: number[]) => list.reduce((total, value) => total + value, 0)
  const { condition, effectiveRank } = await spectrumOf(await space.exactGram())
  expect((condition ?? 0) / (Math.max(...values) / Math.min(...values))).toBeCloseTo(1, 2)
  expect(effectiveRank).toBeCloseTo(sum(values) ** 2 / sum(values.map((value) => value ** 2)), 6)
})
