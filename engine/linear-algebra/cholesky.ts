/**
 * Cholesky factors of symmetric positive definite matrices, in float64. Written here because ml-matrix's take
 * ten times as long at 1024 × 1024: a matrix is halved until a block is small, which plain loops factorise and invert; all
 * else is products of square blocks by onnxruntime.
 */
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { type Dense, denseBlock, transpose, zeros } from './dense.ts'
import { doubleProducts, float64, opset } from './products.ts'
import { keptSessions } from './sessions.ts'

/** Of `L Lᵀ = G + shift·I`, each `[size, size]`: all that solving takes. */
export type Factor = {
  /** `L⁻¹`, with zeros above the diagonal. */
  inverse: Dense
  /** `L⁻ᵀ`: a product reads a matrix along its rows in half of the time. */
  transposed: Dense
}

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
  return inverse === null ? null : { inverse, transposed: transpose(inverse) }
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
  const { below, rest } = await halve(matrix, upper)
  const lower = await invertFactor(rest, pivots)
  return lower === null ? null : await joinHalves(upper, below, lower)
}

const halving = keptSessions(() => {
  const graph = graphBuilder({ opset })
  const matrix = graph.input('matrix', 'float64', ['n', 'n'])
  const upper = graph.input('upper', 'float64', ['h', 'h'])
  const half = graph.input('half', 'int64', [1])
  const whole = graph.input('whole', 'int64', [1])
  const [zero, one] = [0n, 1n].map((value) =>
    graph.initializer('axis', 'int64', [1], BigInt64Array.of(value))
  )
  const rows = graph.node('Slice', [matrix, half, whole, zero])
  const left = graph.node('Slice', [rows, zero, half, one])
  const right = graph.node('Slice', [rows, half, whole, one])
  const below = graph.namedNode('below', 'Gemm', [left, upper], { transB: { int: 1 } })
  graph.output(below, 'float64', ['k', 'h'])
  graph.namedNode('rest', 'Gemm', [below, below, right], { transB: { int: 1 }, alpha: { float: -1 } })
  graph.output('rest', 'float64', ['k', 'k'])
  return graph.build()
})

/** `M = B L₁⁻ᵀ` and `C − M Mᵀ`. */
async function halve(matrix: Dense, upper: Dense): Promise<{ below: Dense; rest: Dense }> {
  const [whole, half] = [matrix.rows, upper.rows]
  const { run } = await halving('cpu')
  const answer = await run({
    matrix: float64.tensor(matrix),
    upper: float64.tensor(upper),
    half: { type: 'int64', dims: [1], data: BigInt64Array.of(BigInt(half)) },
    whole: { type: 'int64', dims: [1], data: BigInt64Array.of(BigInt(whole)) }
  })
  return {
    below: float64.matrix({ rows: whole - half, columns: half }, answer['below']),
    rest: float64.matrix({ rows: whole - half, columns: whole - half }, answer['rest'])
  }
}

const joining = keptSessions(() => {
  const graph = graphBuilder({ opset })
  const upper = graph.input('upper', 'float64', ['h', 'h'])
  const below = graph.input('below', 'float64', ['k', 'h'])
  const lower = graph.input('lower', 'float64', ['k', 'k'])
  const beside = graph.node('Gemm', [graph.node('MatMul', [lower, below]), upper], { alpha: { float: -1 } })
  const above = graph.node('Pad', [upper, graph.input('pads', 'int64', [4])])
  const rows = [above, graph.node('Concat', [beside, lower], { axis: { int: 1 } })]
  graph.output(graph.namedNode('inverse', 'Concat', rows, { axis: { int: 0 } }), 'float64', ['n', 'n'])
  return graph.build()
})

/** `[[L₁⁻¹, 0], [−L₂⁻¹ M L₁⁻¹, L₂⁻¹]]`. */
async function joinHalves(upper: Dense, below: Dense, lower: Dense): Promise<Dense> {
  const size = upper.rows + lower.rows
  const { run } = await joining('cpu')
  const answer = await run({
    upper: float64.tensor(upper),
    below: float64.tensor(below),
    lower: float64.tensor(lower),
    pads: { type: 'int64', dims: [4], data: BigInt64Array.from([0, 0, 0, lower.rows], BigInt) }
  })
  return float64.matrix({ rows: size, columns: size }, answer['inverse'])
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

const solving = keptSessions(() => {
  const graph = graphBuilder({ opset })
  const inverse = graph.input('inverse', 'float64', ['e', 'e'])
  const transposed = graph.input('transposed', 'float64', ['e', 'e'])
  const right = graph.input('right', 'float64', ['n', 'e'])
  // The matrix comes first and is read along its rows as it lies; what comes second is copied.
  const lower = graph.node('Gemm', [inverse, right], { transB: { int: 1 } })
  graph.namedNode('solution', 'Transpose', [graph.node('MatMul', [transposed, lower])])
  graph.output('solution', 'float64', ['n', 'e'])
  return graph.build()
})

/** The solution of `L Lᵀ x = b` for every row of `vectors [n, size]`. */
export async function solve({ inverse, transposed }: Factor, vectors: Dense): Promise<Dense> {
  const { run } = await solving('cpu')
  const answer = await run({
    inverse: float64.tensor(inverse),
    transposed: float64.tensor(transposed),
    right: float64.tensor(vectors)
  })
  return float64.matrix(vectors, answer['solution'])
}
