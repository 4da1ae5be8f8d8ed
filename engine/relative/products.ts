/**
 * The method's heavy products, on graphs that we build ourselves and onnxruntime runs: float32 on any
 * device, float64 on the CPU. Matrices are fed, not stored in the graph, so a device needs two sessions,
 * opened once.
 */
import { AnchorageError } from '../contract/errors.ts'
import type { Matrix } from '../contract/matrix.ts'
import { graphBuilder } from '../onnx/graph-builder.ts'
import type { ElementType, Tensor } from '../onnx/tensor.ts'
import { openSession, type Provider, type Session } from '../runtime/session.ts'
import type { Dense } from './dense.ts'

/** Products of matrices of one precision. */
export type Products<M> = {
  /** `A Bᵀ`: `[n, d] × [k, d] → [n, k]`. */
  timesTransposed: (left: M, right: M) => Promise<M>
  /** `A B`: `[n, k] × [k, d] → [n, d]`. */
  times: (left: M, right: M) => Promise<M>
}

type Shape = { rows: number; columns: number }
/** How a matrix of one precision becomes a tensor and back. */
type Form<M> = {
  type: ElementType
  tensor: (matrix: M) => Tensor
  matrix: (shape: Shape, tensor: Tensor) => M
}
type Sessions = { timesTransposed: Session; times: Session }

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

function timesGraph(type: ElementType, transposed: boolean): Uint8Array {
  const graph = graphBuilder({ opset })
  const left = graph.input('left', type, ['n', 'inner'])
  const right = graph.input('right', type, transposed ? ['columns', 'inner'] : ['inner', 'columns'])
  graph.namedNode('product', 'Gemm', [left, right], { transB: { int: transposed ? 1 : 0 } })
  graph.output('product', type, ['n', 'columns'])
  return graph.build()
}

async function openSessions(type: ElementType, device: Provider): Promise<Sessions> {
  const open = (graph: Uint8Array) => openSession(graph, { device })
  return {
    timesTransposed: await open(timesGraph(type, true)),
    times: await open(timesGraph(type, false))
  }
}

function createProducts<M extends Shape>(form: Form<M>): (device: Provider) => Products<M> {
  const opened = new Map<Provider, Promise<Sessions>>()
  const sessions = (device: Provider): Promise<Sessions> => {
    const known = opened.get(device)
    if (known !== undefined) return known
    const opening = openSessions(form.type, device)
    opened.set(device, opening)
    opening.catch(() => opened.delete(device))
    return opening
  }
  const multiply = async (session: Session, left: M, right: M, columns: number): Promise<M> => {
    const answer = await session.run({ left: form.tensor(left), right: form.tensor(right) })
    return form.matrix({ rows: left.rows, columns }, answer['product'])
  }
  return (device) => ({
    timesTransposed: async (left, right) =>
      multiply((await sessions(device)).timesTransposed, left, right, right.rows),
    times: async (left, right) => multiply((await sessions(device)).times, left, right, right.columns)
  })
}

/** Products in float32 on a device. */
export const singleProducts: (device: Provider) => Products<Matrix> = createProducts(float32)

const doubleProductsOn = createProducts(float64)
/** Products in float64, which only the CPU has. */
export const doubleProducts: Products<Dense> = doubleProductsOn('cpu')
