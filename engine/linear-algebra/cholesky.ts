/**
 * Cholesky factors of symmetric positive definite matrices, in float64. Written here because ml-matrix's take
 * ten times as long at 1024 × 1024: blocks of the diagonal are factorised and inverted in place, all else is products
 * of onnxruntime.
 */
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { type Dense, zeros } from './dense.ts'
import { doubleProducts, float64, opset } from './products.ts'
import { keptSessions } from './sessions.ts'

/** `L` of `L Lᵀ = G + shift·I`, and its inverse, both `[size, size]` with zeros above the diagonal. */
export type Factor = { lower: Dense; inverse: Dense }

/** Rows and columns of a block: small enough that plain loops over blocks of the diagonal count for little. */
const blockWidth = 64

/** A view on the rows `start` to `end`. */
function rowsOf({ columns, data }: Dense, start: number, end: number): Dense {
  return { rows: end - start, columns, data: data.subarray(start * columns, end * columns) }
}

/** The first `count` columns of the rows `start` to `end`: a copy. */
function leading({ columns, data }: Dense, start: number, end: number, count: number): Dense {
  const part = zeros(end - start, count)
  for (let i = start; i < end; i++)
    part.data.set(data.subarray(i * columns, i * columns + count), (i - start) * count)
  return part
}

/**
 * Factorises `matrix + shift·I`, `[size, size]`, of which the lower triangle is read.
 * Answers null when it is not positive definite to working precision: a pivot falls to the rounding error
 * of the sums that made it.
 */
export async function factorise(matrix: Float64Array, size: number, shift: number): Promise<Factor | null> {
  let largest = 0
  for (let i = 0; i < size; i++) largest = Math.max(largest, matrix[i * size + i] + shift)
  const smallestPivot = 4 * size * Number.EPSILON * largest
  const lower = zeros(size, size)
  const inverse = zeros(size, size)
  for (let start = 0; start < size; start += blockWidth) {
    const end = Math.min(size, start + blockWidth)
    const panel = await remainingPanel(matrix, lower, start, end, shift)
    const diagonal = rowsOf(panel, 0, end - start)
    if (!factoriseBlock(diagonal, smallestPivot)) return null
    const inverted = invertBlock(diagonal)
    const below = rowsOf(panel, end - start, panel.rows)
    if (below.rows > 0) below.data.set((await doubleProducts.timesTransposed(below, inverted)).data)
    for (let i = 0; i < panel.rows; i++)
      lower.data.set(
        panel.data.subarray(i * panel.columns, (i + 1) * panel.columns),
        (start + i) * size + start
      )
    await invertRows(lower, inverse, inverted, start, end)
  }
  return { lower, inverse }
}

const differences = keptSessions(() => {
  const graph = graphBuilder({ opset })
  const left = graph.input('left', 'float64', ['n', 'd'])
  const right = graph.input('right', 'float64', ['k', 'd'])
  const from = graph.input('from', 'float64', ['n', 'k'])
  const attributes = { transB: { int: 1 }, alpha: { float: -1 } }
  graph.namedNode('difference', 'Gemm', [left, right, from], attributes)
  graph.output('difference', 'float64', ['n', 'k'])
  return graph.build()
})

/** `C − A Bᵀ`: `[n, k] − [n, d] × [k, d]`. */
async function lessProduct(from: Dense, left: Dense, right: Dense): Promise<Dense> {
  const { run } = await differences('cpu')
  const answer = await run({
    left: float64.tensor(left),
    right: float64.tensor(right),
    from: float64.tensor(from)
  })
  return float64.matrix(from, answer['difference'])
}

/** Columns `start` to `end` of the matrix from row `start` on, less what the columns of `L` before them make of it. */
async function remainingPanel(
  matrix: Float64Array,
  lower: Dense,
  start: number,
  end: number,
  shift: number
): Promise<Dense> {
  const { rows: size } = lower
  const columns = end - start
  const panel = zeros(size - start, columns)
  for (let i = 0; i < panel.rows; i++) {
    const from = (start + i) * size + start
    panel.data.set(matrix.subarray(from, from + columns), i * columns)
  }
  for (let j = 0; j < columns; j++) panel.data[j * columns + j] += shift
  if (start === 0) return panel
  // Columns of `L` from `start` on are still zero, so that whole rows can be multiplied.
  return await lessProduct(panel, rowsOf(lower, start, size), rowsOf(lower, start, end))
}

/** `L` of a block of the diagonal, in its place; false where it has none. */
function factoriseBlock({ rows: width, data }: Dense, smallestPivot: number): boolean {
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = data[i * width + j]
      for (let k = 0; k < j; k++) sum -= data[i * width + k] * data[j * width + k]
      if (j < i) data[i * width + j] = sum / data[j * width + j]
      else if (sum > smallestPivot) data[i * width + i] = Math.sqrt(sum)
      else return false
    }
    data.fill(0, i * width + i + 1, (i + 1) * width)
  }
  return true
}

/** The inverse of a lower triangular block. */
function invertBlock({ rows: width, data }: Dense): Dense {
  const inverse = zeros(width, width)
  for (let i = 0; i < width; i++) {
    const pivot = data[i * width + i]
    for (let j = 0; j < i; j++) {
      let sum = 0
      for (let k = j; k < i; k++) sum += data[i * width + k] * inverse.data[k * width + j]
      inverse.data[i * width + j] = -sum / pivot
    }
    inverse.data[i * width + i] = 1 / pivot
  }
  return inverse
}

/** Rows `start` to `end` of `L⁻¹`, from those before: `−D⁻¹ (L_before L⁻¹_before)` beside `D⁻¹`, the inverted block. */
async function invertRows(
  lower: Dense,
  inverse: Dense,
  inverted: Dense,
  start: number,
  end: number
): Promise<void> {
  const { rows: size } = lower
  const own = rowsOf(inverse, start, end)
  if (start > 0) {
    const before = await doubleProducts.times(leading(lower, start, end, start), rowsOf(inverse, 0, start))
    const { data } = await doubleProducts.times(inverted, before)
    for (let i = 0; i < data.length; i++) own.data[i] = -data[i]
  }
  for (let i = 0; i < own.rows; i++)
    own.data.set(inverted.data.subarray(i * own.rows, (i + 1) * own.rows), i * size + start)
}

/** The solution of `L y = b` for every row of `vectors [n, size]`. */
export async function solveLower({ inverse }: Factor, vectors: Dense): Promise<Dense> {
  return await doubleProducts.timesTransposed(vectors, inverse)
}

/** The solution of `L Lᵀ x = b` for every row of `vectors [n, size]`. */
export async function solve(factor: Factor, vectors: Dense): Promise<Dense> {
  return await doubleProducts.times(await solveLower(factor, vectors), factor.inverse)
}
