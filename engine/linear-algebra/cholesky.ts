/**
 * Cholesky factors of symmetric positive definite matrices, in float64. Written here because ml-matrix's take
 * ten times as long at 1024 × 1024: a matrix is halved until a block is small, which plain loops factorise and invert; all
 * else is products of square blocks by onnxruntime.
 */
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { type Dense, denseBlock, setBlock, zeros } from './dense.ts'
import { doubleProducts, float64, opset } from './products.ts'
import { keptSessions } from './sessions.ts'

/** `L⁻¹` of `L Lᵀ = G + shift·I`, `[size, size]` with zeros above the diagonal: all that solving takes. */
export type Factor = { inverse: Dense }

/** Rows and columns of a small block: of this size plain loops count for little, and so do the calls that they save. */
const blockWidth = 64

/** What is added to the diagonal, and what a pivot has to be above. */
type Pivots = { shift: number; smallest: number }

/**
 * Factorises `matrix + shift·I`, of which the lower triangle is read.
 * Answers null when it is not positive definite to working precision: a pivot falls to the rounding error
 * of the sums that made it.
 */
export async function factorise(matrix: Dense, shift: number): Promise<Factor | null> {
  const { rows: size, data } = matrix
  let largest = 0
  for (let i = 0; i < size; i++) largest = Math.max(largest, data[i * size + i] + shift)
  const inverse = await invertFactor(matrix, { shift, smallest: 4 * size * Number.EPSILON * largest })
  return inverse === null ? null : { inverse }
}

/**
 * `L⁻¹` by halves: of `[[A, ·], [B, C]]` with `A = L₁L₁ᵀ` the rows below are `M = B L₁⁻ᵀ`, the rest is factorised as
 * `C − M Mᵀ = L₂L₂ᵀ`, and the inverse is `[[L₁⁻¹, 0], [−L₂⁻¹ M L₁⁻¹, L₂⁻¹]]`.
 */
async function invertFactor(matrix: Dense, pivots: Pivots): Promise<Dense | null> {
  const { rows: size } = matrix
  if (size <= blockWidth) return invertBlock(matrix, pivots)
  const half = Math.ceil(size / 2)
  const upper = await invertFactor(denseBlock(matrix, [0, half], [0, half]), pivots)
  if (upper === null) return null
  const below = await doubleProducts.timesTransposed(denseBlock(matrix, [half, size], [0, half]), upper)
  const rest = await lessProduct(denseBlock(matrix, [half, size], [half, size]), below, below)
  const lower = await invertFactor(rest, pivots)
  if (lower === null) return null
  const beside = await doubleProducts.times(await doubleProducts.times(lower, below), upper)
  for (let i = 0; i < beside.data.length; i++) beside.data[i] = -beside.data[i]
  const inverse = zeros(size, size)
  setBlock(inverse, 0, 0, upper)
  setBlock(inverse, half, 0, beside)
  setBlock(inverse, half, half, lower)
  return inverse
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

/** `L⁻¹` of a small block; null where it has none. */
function invertBlock({ rows: width, data }: Dense, { shift, smallest }: Pivots): Dense | null {
  const lower = new Float64Array(width * width)
  const inverse = zeros(width, width)
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = data[i * width + j]
      for (let k = 0; k < j; k++) sum -= lower[i * width + k] * lower[j * width + k]
      if (j < i) lower[i * width + j] = sum / lower[j * width + j]
      else if (sum + shift > smallest) lower[i * width + i] = Math.sqrt(sum + shift)
      else return null
    }
    const pivot = lower[i * width + i]
    for (let j = 0; j < i; j++) {
      let sum = 0
      for (let k = j; k < i; k++) sum += lower[i * width + k] * inverse.data[k * width + j]
      inverse.data[i * width + j] = -sum / pivot
    }
    inverse.data[i * width + i] = 1 / pivot
  }
  return inverse
}

/** The solution of `L y = b` for every row of `vectors [n, size]`. */
export async function solveLower({ inverse }: Factor, vectors: Dense): Promise<Dense> {
  return await doubleProducts.timesTransposed(vectors, inverse)
}

/** The solution of `L Lᵀ x = b` for every row of `vectors [n, size]`. */
export async function solve(factor: Factor, vectors: Dense): Promise<Dense> {
  return await doubleProducts.times(await solveLower(factor, vectors), factor.inverse)
}
