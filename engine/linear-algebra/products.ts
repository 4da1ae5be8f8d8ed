/**
 * The method's heavy products, on graphs that we build ourselves and onnxruntime runs: float32 on any
 * device, float64 on the CPU. Matrices are fed, not stored in the graph, so a device needs one session,
 * opened once.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Provider, Session } from '#engine/devices/session.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { type Dense, toDense, toMatrix } from './dense.ts'
import { keptSessions } from './sessions.ts'

/** Products of matrices of one precision. */
export type Products<M> = {
  /** `A Bᵀ`: `[n, d] × [k, d] → [n, k]`. */
  timesTransposed: (left: M, right: M) => Promise<M>
  /** `A B`: `[n, d] × [d, k] → [n, k]`. */
  times: (left: M, right: M) => Promise<M>
}

type Shape = { rows: number; columns: number }
/** How a matrix of one precision becomes a tensor and back. */
export type Form<M> = {
  type: Precision
  tensor: (matrix: M) => Tensor
  matrix: (shape: Shape, tensor: Tensor) => M
}

export const opset = 17

function wrongForm(): AnchorageError {
  return new AnchorageError('internal', 'A product came back in another form than its graph says.')
}

export const float32: Form<Matrix> = {
  type: 'float32',
  tensor: ({ rows, columns, data }) => ({ type: 'float32', dims: [rows, columns], data }),
  matrix: ({ rows, columns }, tensor) => {
    if (tensor.type !== 'float32' || tensor.data.length !== rows * columns) throw wrongForm()
    return { rows, columns, data: tensor.data }
  }
}

export const float64: Form<Dense> = {
  type: 'float64',
  tensor: ({ rows, columns, data }) => ({ type: 'float64', dims: [rows, columns], data }),
  matrix: ({ rows, columns }, tensor) => {
    if (tensor.type !== 'float64' || tensor.data.length !== rows * columns) throw wrongForm()
    return { rows, columns, data: tensor.data }
  }
}

/** What products are computed in. */
export type Precision = 'float32' | 'float64'

/** A float64 matrix as a tensor of the precision named. */
export function tensorIn(precision: Precision, matrix: Dense): Tensor {
  return precision === 'float32' ? float32.tensor(toMatrix(matrix)) : float64.tensor(matrix)
}

/** The float64 matrix of a shape that a tensor of the precision named holds. */
export function denseFrom(precision: Precision, shape: Shape, tensor: Tensor): Dense {
  return precision === 'float32' ? toDense(float32.matrix(shape, tensor)) : float64.matrix(shape, tensor)
}

function productGraph(type: Precision, transB: 0 | 1): Uint8Array {
  const graph = graphBuilder({ opset })
  const left = graph.input('left', type, ['n', 'd'])
  const right = graph.input('right', type, transB === 1 ? ['k', 'd'] : ['d', 'k'])
  graph.namedNode('product', 'Gemm', [left, right], { transB: { int: transB } })
  graph.output('product', type, ['n', 'k'])
  return graph.build()
}

function createProducts<M extends Shape>(form: Form<M>): (device: Provider) => Products<M> {
  const transposed = keptSessions(() => productGraph(form.type, 1))
  const plain = keptSessions(() => productGraph(form.type, 0))
  const multiply = async (session: Promise<Session>, left: M, right: M, columns: number): Promise<M> => {
    const { run } = await session
    const answer = await run({ left: form.tensor(left), right: form.tensor(right) })
    return form.matrix({ rows: left.rows, columns }, answer['product'])
  }
  return (device) => ({
    timesTransposed: (left, right) => multiply(transposed(device), left, right, right.rows),
    times: (left, right) => multiply(plain(device), left, right, right.columns)
  })
}

/** Products in float32 on a device. */
export const singleProducts: (device: Provider) => Products<Matrix> = createProducts(float32)

const doubleProductsOn = createProducts(float64)
/** Products in float64, which only the CPU has. */
export const doubleProducts: Products<Dense> = doubleProductsOn('cpu')
