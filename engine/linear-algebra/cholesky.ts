/**
 * Cholesky factors of symmetric positive definite matrices, in float64 to solve by, in float32 to precondition with.
 * Written here because ml-matrix's take ten times as long at 1024 × 1024: a matrix is halved until a block is small,
 * which plain loops factorise and invert; all else is products of square blocks by onnxruntime.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Session } from '#engine/devices/session.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { type Dense, transposeInto } from './dense.ts'
import { denseFrom, doubleProducts, type Form, float32, float64, opset, tensorIn } from './products.ts'
import { keptSessions } from './sessions.ts'

/** Of `L Lᵀ = G + shift·I`. */
export type Factor<M extends Matrix | Dense = Matrix | Dense> = {
  /** `L⁻¹`, `[size, size]`, with zeros above the diagonal. */
  inverse: M
  /** The solution of `L Lᵀ x = b` for every row of `right [n, size]`: products in the factor's precision. */
  solve: (right: Dense) => Promise<Dense>
}

/** Rows and columns of a small block: of this size plain loops count for little, and so do the calls that they save. */
const blockWidth = 64

/** What is added to the diagonal, and what a pivot has to be above. */
type Pivots = { shift: number; smallest: number }

type Sessions = Record<'corner' | 'halving' | 'joining' | 'solving', () => Promise<Session>>

/** Factorising in one precision. @param rounding the distance of 1 to the next number */
function factorsIn<M extends Matrix | Dense>(form: Form<M>, rounding: number) {
  const sessions = sessionsIn(form)
  const square = (size: number, answer: Tensor): M => form.matrix({ rows: size, columns: size }, answer)

  /**
   * `L⁻¹` by halves: of `[[A, ·], [B, C]]` with `A = L₁L₁ᵀ` the rows below are `M = B L₁⁻ᵀ`, the rest is factorised as
   * `C − M Mᵀ = L₂L₂ᵀ`, and the inverse is `[[L₁⁻¹, 0], [−L₂⁻¹ M L₁⁻¹, L₂⁻¹]]`.
   */
  const invertFactor = async (matrix: M, pivots: Pivots): Promise<M | null> => {
    const { rows: size } = matrix
    if (size <= blockWidth) {
      const inverse = invertBlock(matrix, pivots)
      return inverse === null ? null : square(size, tensorIn(form.type, inverse))
    }
    const half = Math.ceil(size / 2)
    const sizes = { half: wholeNumbers(half), whole: wholeNumbers(size) }
    const feeds = { matrix: form.tensor(matrix), half: sizes.half }
    const { corner } = await (await sessions.corner()).run(feeds)
    const upper = await invertFactor(square(half, corner), pivots)
    if (upper === null) return null
    const halving = await sessions.halving()
    const { below, rest } = await halving.run({ ...feeds, ...sizes, upper: form.tensor(upper) })
    const lower = await invertFactor(square(size - half, rest), pivots)
    if (lower === null) return null
    const joining = await sessions.joining()
    const { inverse } = await joining.run({
      upper: form.tensor(upper),
      below,
      lower: form.tensor(lower),
      pads: wholeNumbers(0, 0, 0, size - half)
    })
    return square(size, inverse)
  }

  /**
   * Factorises `matrix + shift·I`, of which the lower triangle is read.
   * Answers null when it is not positive definite to working precision: a pivot falls to the rounding error
   * of the sums that made it.
   */
  return async (matrix: M, shift: number): Promise<Factor<M> | null> => {
    const { rows: size, data } = matrix
    let largest = 0
    for (let i = 0; i < size; i++) largest = Math.max(largest, data[i * size + i] + shift)
    const inverse = await invertFactor(matrix, { shift, smallest: 4 * size * rounding * largest })
    if (inverse === null) return null
    // A product reads a matrix along its rows in half of the time.
    const turned = (): Tensor => {
      const transposed = { ...inverse, data: inverse.data.slice() }
      transposeInto(inverse, transposed)
      return form.tensor(transposed)
    }
    let transposed: Tensor | undefined
    const solve = async (right: Dense): Promise<Dense> => {
      const { run } = await sessions.solving()
      transposed ??= turned()
      const given = { inverse: form.tensor(inverse), transposed, right: tensorIn(form.type, right) }
      return denseFrom(form.type, right, (await run(given))['solution'])
    }
    return { inverse, solve }
  }
}

function wholeNumbers(...values: number[]): Tensor {
  return { type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) }
}

function sessionsIn({ type }: Pick<Form<Matrix | Dense>, 'type'>): Sessions {
  const session = (build: (graph: GraphBuilder) => void): (() => Promise<Session>) => {
    const kept = keptSessions(() => {
      const graph = graphBuilder({ opset })
      build(graph)
      return graph.build()
    })
    return () => kept('cpu')
  }
  const axis = (graph: GraphBuilder, value: number): string =>
    graph.initializer('axis', 'int64', [1], BigInt64Array.of(BigInt(value)))
  return {
    corner: session((graph) => {
      const [matrix, half] = [graph.input('matrix', type, ['n', 'n']), graph.input('half', 'int64', [1])]
      const [zero, one] = [axis(graph, 0), axis(graph, 1)]
      const rows = graph.node('Slice', [matrix, zero, half, zero])
      graph.namedNode('corner', 'Slice', [rows, zero, half, one])
      graph.output('corner', type, ['h', 'h'])
    }),
    halving: session((graph) => {
      const matrix = graph.input('matrix', type, ['n', 'n'])
      const upper = graph.input('upper', type, ['h', 'h'])
      const [half, whole] = [graph.input('half', 'int64', [1]), graph.input('whole', 'int64', [1])]
      const [zero, one] = [axis(graph, 0), axis(graph, 1)]
      const rows = graph.node('Slice', [matrix, half, whole, zero])
      const left = graph.node('Slice', [rows, zero, half, one])
      const right = graph.node('Slice', [rows, half, whole, one])
      const below = graph.namedNode('below', 'Gemm', [left, upper], { transB: { int: 1 } })
      graph.output(below, type, ['k', 'h'])
      graph.namedNode('rest', 'Gemm', [below, below, right], { transB: { int: 1 }, alpha: { float: -1 } })
      graph.output('rest', type, ['k', 'k'])
    }),
    joining: session((graph) => {
      const upper = graph.input('upper', type, ['h', 'h'])
      const below = graph.input('below', type, ['k', 'h'])
      const lower = graph.input('lower', type, ['k', 'k'])
      const product = graph.node('MatMul', [lower, below])
      const beside = graph.node('Gemm', [product, upper], { alpha: { float: -1 } })
      const above = graph.node('Pad', [upper, graph.input('pads', 'int64', [4])])
      const rows = [above, graph.node('Concat', [beside, lower], { axis: { int: 1 } })]
      graph.output(graph.namedNode('inverse', 'Concat', rows, { axis: { int: 0 } }), type, ['n', 'n'])
    }),
    solving: session((graph) => {
      const inverse = graph.input('inverse', type, ['e', 'e'])
      const transposed = graph.input('transposed', type, ['e', 'e'])
      const right = graph.input('right', type, ['n', 'e'])
      // The matrix comes first and is read along its rows as it lies; what comes second is copied.
      const lower = graph.node('Gemm', [inverse, right], { transB: { int: 1 } })
      graph.namedNode('solution', 'Transpose', [graph.node('MatMul', [transposed, lower])])
      graph.output('solution', type, ['n', 'e'])
    })
  }
}

/** `L⁻¹` of a small block; null where it has none. */
function invertBlock(
  { rows: width, data: given }: Matrix | Dense,
  { shift, smallest }: Pivots
): Dense | null {
  const data = Float64Array.from(given)
  const lower = new Float64Array(width * width)
  const inverse = new Float64Array(width * width)
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = data[i * width + j]
      for (let k = 0; k < j; k++) sum -= lower[i * width + k] * lower[j * width + k]
      if (j < i) lower[i * width + j] = sum / lower[j * width + j]
      else if (sum + shift > smallest) lower[i * width + i] = Math.sqrt(sum + shift)
      else return null
    }
    const pivot = lower[i * width + i]
    // Row by row: sums that do not wait for each other.
    for (let k = 0; k < i; k++) {
      const share = -lower[i * width + k] / pivot
      for (let j = 0; j <= k; j++) inverse[i * width + j] += share * inverse[k * width + j]
    }
    inverse[i * width + i] = 1 / pivot
  }
  return { rows: width, columns: width, data: inverse }
}

/** {@link factorsIn} float64. */
export const factorise: (matrix: Dense, shift: number) => Promise<Factor<Dense> | null> = factorsIn(
  float64,
  Number.EPSILON
)

/** The same in float32, in half of the time. */
export const factoriseInSingle: (matrix: Matrix, shift: number) => Promise<Factor<Matrix> | null> = factorsIn(
  float32,
  2 ** -23
)

/** The solution of `L y = b` for every row of `vectors [n, size]`. */
export async function solveLower({ inverse }: Factor<Dense>, vectors: Dense): Promise<Dense> {
  return await doubleProducts.timesTransposed(vectors, inverse)
}
