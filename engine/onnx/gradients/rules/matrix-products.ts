/** Gradients of matrix products. */
import { readFloat, readInteger } from '#engine/onnx/read-messages.ts'
import { reshapeLike, sumToShapeOf, transposeMatrix, unsqueeze } from '../emit-shapes.ts'
import { asNumber, type Emitter } from '../emitter.ts'
import type { GradientRule, GradientSite } from './rule.ts'

/**
 * The operands and g as matrices: a vector `a [k]` is a row `[1, k]`, a vector `b [k]` a column `[k, 1]`, and
 * g has the axis that the product dropped.
 */
function asMatrices(
  emit: Emitter,
  { inputs: [a, b], gradient }: GradientSite
): { a: string; b: string; g: string } {
  const rank = emit.shape(gradient).length
  const isRow = emit.shape(a).length === 1
  const isColumn = emit.shape(b).length === 1
  const withRow = isRow ? unsqueeze(emit, gradient, [isColumn ? rank : rank - 1]) : gradient
  return {
    a: isRow ? unsqueeze(emit, a, [0]) : a,
    b: isColumn ? unsqueeze(emit, b, [1]) : b,
    g: isColumn ? unsqueeze(emit, withRow, [emit.shape(withRow).length]) : withRow
  }
}

/**
 * y = a b over the last two axes, the others broadcast: d_a = g bᵀ summed to a, d_b = aᵀ g summed to b. Where
 * b is one matrix for a whole batch, the rows of the batch are stacked and d_b is one product.
 */
export const matrixProduct: GradientRule = (emit, site) => {
  const [a, b] = site.inputs
  return [
    () => {
      const matrices = asMatrices(emit, site)
      const product = emit.node('MatMul', [matrices.g, transposeMatrix(emit, matrices.b)])
      return reshapeLike(emit, sumToShapeOf(emit, product, matrices.a), a)
    },
    () => {
      const matrices = asMatrices(emit, site)
      const isStacked = emit.shape(matrices.b).length === 2 && emit.shape(matrices.a).length > 2
      const rows = isStacked ? stackRows(emit, matrices.a) : matrices.a
      const gradients = isStacked ? stackRows(emit, matrices.g) : matrices.g
      const product = emit.node('MatMul', [transposeMatrix(emit, rows), gradients])
      return reshapeLike(emit, sumToShapeOf(emit, product, matrices.b), b)
    }
  ]
}

/** All rows of a batch of matrices in one: `[…, n, k]` to `[… · n, k]`. */
function stackRows(emit: Emitter, x: string): string {
  const width = emit.shape(x).at(-1) ?? 1
  const known = asNumber(width)
  if (known !== undefined) return emit.node('Reshape', [x, emit.integers([-1, known])])
  const last = emit.node('Gather', [emit.sizes(x), emit.integers([emit.shape(x).length - 1])])
  const target = emit.node('Concat', [emit.integers([-1]), last], { axis: { int: 0 } })
  return emit.noteShape(emit.node('Reshape', [x, target]), [`${x} rows`, width])
}

/**
 * y = α a' b' + β c, where a' is a or aᵀ and b' is b or bᵀ: d_a' = α g b'ᵀ, d_b' = α a'ᵀ g, each transposed
 * again where the operand was, and d_c = β g summed to c.
 */
export const generalMatrixProduct: GradientRule = (emit, site) => {
  const {
    node,
    inputs: [a, b, c],
    gradient: g
  } = site
  const alpha = { float: readFloat(node, 'alpha', 1) }
  const [isTransposedA, isTransposedB] = [
    readInteger(node, 'transA', 0) === 1,
    readInteger(node, 'transB', 0) === 1
  ]
  const product = (left: string, right: string, transposeLeft: boolean, transposeRight: boolean) =>
    emit.node('Gemm', [left, right], {
      alpha,
      transA: { int: transposeLeft ? 1 : 0 },
      transB: { int: transposeRight ? 1 : 0 }
    })
  return [
    () => (isTransposedA ? product(b, g, isTransposedB, true) : product(g, b, false, !isTransposedB)),
    () => (isTransposedB ? product(g, a, true, isTransposedA) : product(a, g, !isTransposedA, false)),
    c ? () => sumToShapeOf(emit, scaled(emit, g, readFloat(node, 'beta', 1)), c) : undefined
  ]
}

function scaled(emit: Emitter, x: string, factor: number): string {
  return factor === 1 ? x : emit.node('Mul', [x, emit.scalar(factor, x)])
}
