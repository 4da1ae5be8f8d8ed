/**
 * A picture of vectors among words: principal components of the vectors, their nearest words and other vectors of
 * the same model, each at length 1, so that near in the picture follows near by cosine as far as a plane can.
 */
import { EigenvalueDecomposition, Matrix as SmallMatrix } from 'ml-matrix'
import { gatherRows, type Matrix } from '#engine/common/contract/matrix.ts'
import type { Plane, PlaneRequest } from '#engine/common/contract/neighbours.ts'
import { type Dense, denseRow, toDense, unitRows } from '#engine/linear-algebra/dense.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import { openModel } from '#engine/models/open-model.ts'
import { requireVectorsOf } from './describe-vectors.ts'
import { openTable } from './open-table.ts'
import { nearestWords } from './word-table.ts'

type Point = { x: number; y: number }

/** @throws AnchorageError for a model that can't be opened and for vectors that are not its */
export async function layOutPlane(
  { model: reference, vectors, others, count }: PlaneRequest,
  signal?: AbortSignal
): Promise<Plane> {
  const model = await openModel(reference, signal)
  requireVectorsOf(model, vectors)
  requireVectorsOf(model, others)
  const table = await openTable(model, signal)
  const near = (await nearestWords(table, vectors, count, 'cpu')).flat()
  const words = [...new Map(near.map(({ id, token }) => [id, { id, token }])).values()]
  const wordRows = gatherRows(
    table.table,
    words.map(({ id }) => id)
  )
  const { points, explained } = await principalPlane(unitRows(stack([vectors, wordRows, others])))
  const firstOther = vectors.rows + words.length
  return {
    vectors: points.slice(0, vectors.rows),
    words: words.map((word, at) => ({ ...word, ...points[vectors.rows + at] })),
    others: points.slice(firstOther),
    explained
  }
}

function stack(matrices: readonly Matrix[]): Dense {
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0)
  const [{ columns }] = matrices
  const stacked: Dense = { rows, columns, data: new Float64Array(rows * columns) }
  let start = 0
  for (const matrix of matrices) {
    stacked.data.set(toDense(matrix).data, start)
    start += matrix.data.length
  }
  return stacked
}

/**
 * The first two principal components of `rows [n, e]` and their shares of the variance, from the eigenvectors of
 * `X Xᵀ [n, n]`, where `X` are the rows less their mean: a component's coordinates are `u √λ`.
 */
export async function principalPlane(rows: Dense): Promise<{ points: Point[]; explained: [number, number] }> {
  const centred = lessMean(rows)
  const { data } = await doubleProducts.timesTransposed(centred, centred)
  const count = rows.rows
  const products = SmallMatrix.from1DArray(count, count, data)
  const decomposition = new EigenvalueDecomposition(products, { assumeSymmetric: true })
  const values = decomposition.realEigenvalues.map((value) => Math.max(0, value))
  const total = values.reduce((sum, value) => sum + value, 0)
  const [first, second] = [values.length - 1, values.length - 2]
  const along = (at: number): number[] => {
    if (at < 0) return Array.from({ length: count }, () => 0)
    const direction = decomposition.eigenvectorMatrix.getColumn(at)
    return withSign(direction).map((value) => value * Math.sqrt(values[at]))
  }
  const share = (at: number): number => (at < 0 || total === 0 ? 0 : values[at] / total)
  const [x, y] = [along(first), along(second)]
  return {
    points: x.map((value, i) => ({ x: value, y: y[i] })),
    explained: [share(first), share(second)]
  }
}

/** Eigenvectors have no sign of their own: the largest value is positive, so that a picture is the same every time. */
function withSign(direction: readonly number[]): number[] {
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
  return direction.map((value) => (largest < 0 ? -value : value))
}

function lessMean(rows: Dense): Dense {
  const mean = new Float64Array(rows.columns)
  for (let i = 0; i < rows.rows; i++) {
    const row = denseRow(rows, i)
    for (let j = 0; j < rows.columns; j++) mean[j] += row[j] / rows.rows
  }
  return { ...rows, data: rows.data.map((value, at) => value - mean[at % rows.columns]) }
}
