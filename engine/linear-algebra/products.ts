/**
 * The method's heavy products, on graphs that we build ourselves and onnxruntime runs: float32 on any
 * device, float64 on the CPU. Matrices are fed, not stored in the graph, so a device needs one session,
 * opened once.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { openSession, type Provider, type Session } from '#engine/devices/session.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { ElementType, Tensor } from '#engine/onnx/tensor.ts'
import type { Dense } from './dense.ts'

/** Products of matrices of one precision. */
export type Products<M> = {
  /** `A Bᵀ`: `[n, d] × [k, d] → [n, k]`. */
  timesTransposed: (left: M, right: M) => Promise<M>
}

type Shape = { rows: number; columns: number }
/** How a matrix of one precision becomes a tensor and back. */
type Form<M> = {
  type: ElementType
  tensor: (matrix: M) => Tensor
  matrix: (shape: Shape, tensor: Tensor) => M
}

const opset = 17

function wrongForm(): AnchorageError {
  return new AnchorageError('internal', 'A product came back in another form than its graph says.')
}

const float32: Form<Matrix> = {
  type: 'float32',
  tensor: ({ rows, columns, data }) => ({ type: 'float32', dims: [rows, columns], data }),
  matrix: (shape, tensor) => {
    if (tensor.type !== 'float32' || tensor.data.length !== shape.rows * shape.columns) throw wrongForm()
    return { ...shape, data: tensor.data }
  }
}

const float64: Form<Dense> = {
  type: 'float64',
  tensor: ({ rows, columns, data }) => ({ type: 'float64', dims: [rows, columns], data }),
  matrix: (shape, tensor) => {
    if (tensor.type !== 'float64' || tensor.data.length !== shape.rows * shape.columns) throw wrongForm()
    return { ...shape, data: tensor.data }
  }
}

function productGraph(type: ElementType): Uint8Array {
  const graph = graphBuilder({ opset })
  const left = graph.input('left', type, ['n', 'd'])
  const right = graph.input('right', type, ['k', 'd'])
  graph.namedNode('product', 'Gemm', [left, right], { transB: { int: 1 } })
  graph.output('product', type, ['n', 'k'])
  return graph.build()
}

function createProducts<M extends Shape>(form: Form<M>): (device: Provider) => Products<M> {
  const opened = new Map<Provider, Promise<Session>>()
  const session = (device: Provider): Promise<Session> => {
    const known = opened.get(device)
    if (known !== undefined) return known
    const opening = openSession(productGraph(form.type), { device })
    opened.set(device, opening)
    opening.catch(() => opened.delete(device))
    return opening
  }
  return (device) => ({
    timesTransposed: async (left, right) => {
      const { run } = await session(device)
      const answer = await run({ left: form.tensor(left), right: form.tensor(right) })
      return form.matrix({ rows: left.rows, columns: right.rows }, answer['product'])
    }
  })
}

/** Products in float32 on a device. */
export const singleProducts: (device: Provider) => Products<Matrix> = createProducts(float32)

const doubleProductsOn = createProducts(float64)
/** Products in float64, which only the CPU has. */
export const doubleProducts: Products<Dense> = doubleProductsOn('cpu')
