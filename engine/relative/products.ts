/**
 * The method's heavy products, on graphs that we build ourselves and onnxruntime runs: float32 on any
 * device, float64 on the CPU. Matrices are fed, not stored in the graph, so a device needs three sessions,
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
  /** `Aᵀ A`: `[k, d] → [d, d]`, in float64 form; the lower triangle is filled. */
  gram: (rows: M) => Promise<Dense>
}

type Shape = { rows: number; columns: number }
/** How a matrix of one precision becomes a tensor and back. */
type Form<M> = {
  type: ElementType
  tensor: (matrix: M) => Tensor
  matrix: (shape: Shape, tensor: Tensor) => M
}
type Sessions = { timesTransposed: Session; times: Session; gram: Session }

const opset = 17
/** A Gram matrix is computed in this many strips, each only up to the diagonal: 5/8 of the full product. */
const gramStrips = 4

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

/** Columns `start` to `end` of the matrix against its columns 0 to `end`. */
function gramStripGraph(type: ElementType): Uint8Array {
  const graph = graphBuilder({ opset })
  const rows = graph.input('rows', type, ['k', 'd'])
  const start = graph.input('start', 'int64', [1])
  const end = graph.input('end', 'int64', [1])
  const zero = graph.initializer('zero', 'int64', [1], BigInt64Array.of(0n))
  const axis = graph.initializer('axis', 'int64', [1], BigInt64Array.of(1n))
  const strip = graph.node('Slice', [rows, start, end, axis])
  const upToEnd = graph.node('Slice', [rows, zero, end, axis])
  graph.namedNode('product', 'Gemm', [strip, upToEnd], { transA: { int: 1 } })
  graph.output('product', type, ['height', 'end'])
  return graph.build()
}

async function openSessions(type: ElementType, device: Provider): Promise<Sessions> {
  const open = (graph: Uint8Array) => openSession(graph, { device })
  return {
    timesTransposed: await open(timesGraph(type, true)),
    times: await open(timesGraph(type, false)),
    gram: await open(gramStripGraph(type))
  }
}

async function gramInStrips<M extends Shape & { data: ArrayLike<number> }>(
  session: Session,
  form: Form<M>,
  matrix: M
): Promise<Dense> {
  const size = matrix.columns
  const gram = { rows: size, columns: size, data: new Float64Array(size * size) }
  const rows = form.tensor(matrix)
  const position = (value: number): Tensor => ({
    type: 'int64',
    dims: [1],
    data: BigInt64Array.of(BigInt(value))
  })
  for (let strip = 0; strip < gramStrips; strip++) {
    const start = Math.floor((size * strip) / gramStrips)
    const end = Math.floor((size * (strip + 1)) / gramStrips)
    if (start === end) continue
    const answer = await session.run({ rows, start: position(start), end: position(end) })
    const block = form.matrix({ rows: end - start, columns: end }, answer['product'])
    for (let i = start; i < end; i++)
      for (let j = 0; j <= i; j++) gram.data[i * size + j] = block.data[(i - start) * end + j]
  }
  return gram
}

function createProducts<M extends Shape & { data: ArrayLike<number> }>(
  form: Form<M>
): (device: Provider) => Products<M> {
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
    times: async (left, right) => multiply((await sessions(device)).times, left, right, right.columns),
    gram: async (rows) => gramInStrips((await sessions(device)).gram, form, rows)
  })
}

/** Products in float32 on a device. */
export const singleProducts: (device: Provider) => Products<Matrix> = createProducts(float32)

const doubleProductsOn = createProducts(float64)
/** Products in float64, which only the CPU has. */
export const doubleProducts: Products<Dense> = doubleProductsOn('cpu')
