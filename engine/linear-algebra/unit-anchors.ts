/**
 * The target's anchors at length 1, and the products with them that every search is made of. The anchors stay as the
 * table holds them, in float32, beside their lengths: a block of them at a time is turned to float64 where a product
 * asks for it, so that the products are those of float64 without a copy of the table, and each pass reads the table
 * once.
 */
import { gatherRows, type Matrix, row, rowRange } from '#engine/common/contract/matrix.ts'
import type { Session } from '#engine/devices/session.ts'
import { type Attributes, dataTypes } from '#engine/onnx/build-messages.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { type Dense, denseRow, zeros } from './dense.ts'
import { denseFrom, float32, float64, opset, type Precision, tensorIn } from './products.ts'
import { keptSessions } from './sessions.ts'

export type UnitAnchors = {
  /** `[k, e]`, at the lengths that they have in the table. */
  anchors: Matrix
  /** One over the length of each, `[k]`: `Â = diag(scales) A`. */
  scales: Float64Array
}

/** Which anchors count for a vector, `[k]` of 0 and 1; null: all. */
export type AnchorMask = Uint8Array | null

/** Anchors handled together: so many stay in the processor's cache from one product to the next. */
const blockSizes = { float32: 2048, float64: 1024 }

/** The anchors with the given indices, in that order. */
export function selectAnchors({ anchors, scales }: UnitAnchors, indices: Int32Array): UnitAnchors {
  return {
    anchors: gatherRows(anchors, indices),
    scales: Float64Array.from(indices, (index) => scales[index])
  }
}

/** A block of rows, `[b, e]`: views. */
export type AnchorBlock = { start: number; rows: Matrix; scales: Float64Array }

/** The anchors in blocks of `size`. */
export function* anchorBlocks({ anchors, scales }: UnitAnchors, size: number): Generator<AnchorBlock> {
  for (let start = 0; start < anchors.rows; start += size)
    yield {
      start,
      rows: rowRange(anchors, start, start + size),
      scales: scales.subarray(start, start + size)
    }
}

/** The graph of a block of anchors, which is cast where the product is one of float64. */
function blockGraph(type: Precision, build: (graph: GraphBuilder, block: string) => void): () => Uint8Array {
  return () => {
    const graph = graphBuilder({ opset })
    const block = graph.input('block', 'float32', ['b', 'e'])
    build(graph, type === 'float32' ? block : graph.node('Cast', [block], { to: { int: dataTypes[type] } }))
    return graph.build()
  }
}

/**
 * The products of a block with vectors, `[b, n]`, times `scales [b, 1]`: a block at length 1 is never made. A block that
 * comes first is read along its rows as it lies; one that comes second is copied.
 */
function scaledProducts(graph: GraphBuilder, type: Precision, block: string): string {
  const vectors = graph.input('vectors', type, ['n', 'e'])
  const product = graph.node('Gemm', [block, vectors], { transB: { int: 1 } })
  return graph.node('Mul', [product, graph.input('scales', type, ['b', 1])])
}

/** A product added to what the blocks before came to. */
function addToSum(
  graph: GraphBuilder,
  type: Precision,
  factors: string[],
  attributes: Attributes = {}
): void {
  const before = graph.input('before', type, ['rows', 'columns'])
  graph.namedNode('sum', 'Gemm', [...factors, before], attributes)
  graph.output('sum', type, ['rows', 'columns'])
}

const products = keptSessions(
  blockGraph('float64', (graph, block) => {
    graph.namedNode('products', 'Transpose', [scaledProducts(graph, 'float64', block)])
    graph.output('products', 'float64', ['n', 'b'])
  })
)

const sums = keptSessions(
  blockGraph('float64', (graph, block) => {
    const codes = graph.input('codes', 'float32', ['n', 'b'])
    const double = graph.node('Cast', [codes], { to: { int: dataTypes.float64 } })
    const scaled = graph.node('Mul', [double, graph.input('scales', 'float64', [1, 'b'])])
    addToSum(graph, 'float64', [scaled, block])
  })
)

/** Both products with a block while it is in the processor's cache, the masks and the squares of the scales between them. */
function normalGraph(type: Precision): () => Uint8Array {
  return blockGraph(type, (graph, block) => {
    const mask = graph.node('Cast', [graph.input('mask', 'uint8', ['n', 'b'])], {
      to: { int: dataTypes[type] }
    })
    const codes = graph.node('Mul', [scaledProducts(graph, type, block), graph.node('Transpose', [mask])])
    addToSum(graph, type, [codes, block], { transA: { int: 1 } })
  })
}

const normal = {
  float32: keptSessions(normalGraph('float32')),
  float64: keptSessions(normalGraph('float64'))
}

const squares = keptSessions(
  blockGraph('float32', (graph, block) => {
    const double = { to: { int: dataTypes.float64 } }
    const mask = graph.node('Cast', [graph.input('mask', 'uint8', ['m', 'b'])], double)
    const code = graph.node('Cast', [scaledProducts(graph, 'float32', block)], double)
    addToSum(graph, 'float64', [mask, graph.node('Mul', [code, code])])
  })
)

/** The columns `start` to `end` of each row. */
function maskBlock(masks: readonly AnchorMask[], start: number, end: number): Tensor {
  const columns = end - start
  const data = new Uint8Array(masks.length * columns).fill(1)
  for (const [i, mask] of masks.entries()) if (mask !== null) data.set(mask.subarray(start, end), i * columns)
  return { type: 'uint8', dims: [masks.length, columns], data }
}

/** `Â v` for every vector of `vectors [n, e]`: `[n, k]`. */
export async function anchorProducts(unit: UnitAnchors, vectors: Dense): Promise<Dense> {
  const { run } = await products('cpu')
  const result = zeros(vectors.rows, unit.anchors.rows)
  for (const { start, rows, scales } of anchorBlocks(unit, blockSizes.float64)) {
    const part = { rows: vectors.rows, columns: rows.rows }
    const answer = await run({
      block: float32.tensor(rows),
      vectors: float64.tensor(vectors),
      scales: float64.tensor({ rows: rows.rows, columns: 1, data: scales })
    })
    const { data } = float64.matrix(part, answer['products'])
    for (let i = 0; i < part.rows; i++)
      result.data.set(data.subarray(i * part.columns, (i + 1) * part.columns), i * result.columns + start)
  }
  return result
}

/** The sum over all blocks of what a graph makes of each: `[rows, columns]`, summed in the precision named. */
async function sumOverBlocks(
  { run }: Session,
  unit: UnitAnchors,
  [rows, columns, precision]: [number, number, Precision],
  feedsOf: (block: AnchorBlock) => Record<string, Tensor>,
  size: number
): Promise<Dense> {
  const none = zeros(rows, columns)
  let sum = tensorIn(precision, none)
  for (const block of anchorBlocks(unit, size))
    sum = (await run({ ...feedsOf(block), block: float32.tensor(block.rows), before: sum }))['sum']
  return denseFrom(precision, none, sum)
}

/** `Âᵀ c` for every code of `codes [n, k]`: `[n, e]`, in float64. */
export async function anchorSums(unit: UnitAnchors, codes: Matrix): Promise<Dense> {
  const shape: [number, number, Precision] = [codes.rows, unit.anchors.columns, 'float64']
  const feedsOf = ({ start, rows, scales }: AnchorBlock): Record<string, Tensor> => {
    const columns = rows.rows
    const data = new Float32Array(codes.rows * columns)
    for (let i = 0; i < codes.rows; i++) data.set(row(codes, i).subarray(start, start + columns), i * columns)
    return {
      codes: float32.tensor({ rows: codes.rows, columns, data }),
      scales: float64.tensor({ rows: 1, columns, data: scales })
    }
  }
  return await sumOverBlocks(await sums('cpu'), unit, shape, feedsOf, blockSizes.float64)
}

/** `Âᵀ M_i Â v_i` for every vector of `vectors [n, e]`: `[n, e]`, in the precision named. */
export async function normalProducts(
  unit: UnitAnchors,
  vectors: Dense,
  masks: readonly AnchorMask[],
  precision: Precision
): Promise<Dense> {
  const session = await normal[precision]('cpu')
  const given = tensorIn(precision, vectors)
  const shape: [number, number, Precision] = [vectors.rows, vectors.columns, precision]
  const feedsOf = ({ start, rows, scales }: AnchorBlock): Record<string, Tensor> => {
    const squared = { rows: rows.rows, columns: 1, data: scales.map((scale) => scale * scale) }
    return {
      vectors: given,
      mask: maskBlock(masks, start, start + rows.rows),
      scales: tensorIn(precision, squared)
    }
  }
  return await sumOverBlocks(session, unit, shape, feedsOf, blockSizes[precision])
}

/** `|M_i Â v_d|²` for every mask and every vector of `vectors [n, e]`: `[m, n]`, products in float32, sums in float64. */
export async function maskedSquares(
  unit: UnitAnchors,
  vectors: Dense,
  masks: readonly AnchorMask[]
): Promise<Dense> {
  const given = tensorIn('float32', vectors)
  const shape: [number, number, Precision] = [masks.length, vectors.rows, 'float64']
  const feedsOf = ({ start, rows, scales }: AnchorBlock): Record<string, Tensor> => ({
    vectors: given,
    mask: maskBlock(masks, start, start + rows.rows),
    scales: tensorIn('float32', { rows: rows.rows, columns: 1, data: scales })
  })
  return await sumOverBlocks(await squares('cpu'), unit, shape, feedsOf, blockSizes.float32)
}

/** `M Â v` for every vector of `vectors [n, e]`: `[n, k]`, zero where the vector's mask is. */
export async function maskedProducts(
  unit: UnitAnchors,
  vectors: Dense,
  masks: readonly Uint8Array[]
): Promise<Dense> {
  const products = await anchorProducts(unit, vectors)
  for (const [row, mask] of masks.entries()) {
    const product = denseRow(products, row)
    for (let j = 0; j < product.length; j++) if (mask[j] === 0) product[j] = 0
  }
  return products
}
