/** What a descent on the matching asks at every step: its value and its gradient, by one graph on the target's device. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { openSession } from '#engine/devices/session.ts'
import { type Dense, toMatrix } from '#engine/linear-algebra/dense.ts'
import { gramMatrix } from '#engine/linear-algebra/gram-products.ts'
import { opset } from '#engine/linear-algebra/products.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { Masks } from './mask.ts'
import { keptAnchors, type TargetSpace, worthGrams } from './target-space.ts'

/** Matching `J(v)` per vector and its gradient, for vectors `[m, e]`. */
export type MatchingGradient = {
  evaluate: (vectors: Matrix) => Promise<{ matching: Float32Array; gradient: Float32Array }>
  release: () => Promise<void>
}

/**
 * `J = b·v/|y|` with `y = M Â v`, and `∂J/∂v = (b − J·G v/|y|)/|y|` with `G = Âᵀ M Â`, where `|y|² = v·G v`.
 * @param right `b = Σ_j w_j Âᵀ u_j`, `[m, e]`
 */
export async function openMatchingGradient(
  target: TargetSpace,
  right: Dense,
  masks: Masks
): Promise<MatchingGradient> {
  const { rows, columns } = right
  const graph = graphBuilder({ opset })
  const vectors = graph.input('vectors', 'float32', [rows, columns])
  const image = await imageOf(graph, vectors, target, masks)
  const sums = graph.initializer('right', 'float32', [rows, columns], toMatrix(right).data)
  const axis = graph.initializer('axis', 'int64', [1], BigInt64Array.of(1n))
  const alongVectors = (of: string): string =>
    graph.node('ReduceSum', [graph.node('Mul', [of, vectors]), axis])
  const length = graph.node('Sqrt', [alongVectors(image)])
  const matching = graph.namedNode('matching', 'Div', [alongVectors(sums), length])
  const along = graph.node('Mul', [graph.node('Div', [image, length]), matching])
  graph.namedNode('gradient', 'Div', [graph.node('Sub', [sums, along]), length])
  graph.output('matching', 'float32', [rows, 1])
  graph.output('gradient', 'float32', [rows, columns])
  const session = await openSession(graph.build(), { device: target.device })
  return {
    evaluate: async ({ data }) => {
      const answer = await session.run({ vectors: { type: 'float32', dims: [rows, columns], data } })
      const [found, slopes] = [answer['matching'].data, answer['gradient'].data]
      if (!(found instanceof Float32Array && slopes instanceof Float32Array))
        throw new AnchorageError('internal', 'The matching came back in another form than its graph says.')
      return { matching: found, gradient: slopes }
    },
    release: session.release
  }
}

/**
 * `G_i v_i` for every vector, `[m, e]`: by Gram matrices, one for each mask, or by the anchors themselves where these
 * are fewer numbers to read at every step.
 */
async function imageOf(
  graph: GraphBuilder,
  vectors: string,
  target: TargetSpace,
  masks: Masks
): Promise<string> {
  return worthGrams(target, masks)
    ? await imageByGrams(graph, vectors, target, masks)
    : imageByAnchors(graph, vectors, target, masks)
}

async function imageByGrams(
  graph: GraphBuilder,
  vectors: string,
  target: TargetSpace,
  masks: Masks
): Promise<string> {
  const { columns } = target.anchors
  const kept = masks.common
    ? [toMatrix(await gramMatrix(keptAnchors(target, masks), 'float32', target.device))]
    : (await target.maskedGrams(masks)).each
  const data = new Float32Array(kept.length * columns ** 2)
  for (const [i, gram] of kept.entries()) data.set(gram.data, i * columns ** 2)
  const shape = (name: string, dims: number[]): string =>
    graph.initializer(name, 'int64', [dims.length], BigInt64Array.from(dims, BigInt))
  const grams = graph.initializer('grams', 'float32', [kept.length, columns, columns], data)
  const each = graph.node('Reshape', [vectors, shape('each', [kept.length, -1, columns])])
  return graph.node('Reshape', [graph.node('MatMul', [each, grams]), shape('together', [-1, columns])])
}

function imageByAnchors(
  graph: GraphBuilder,
  vectors: string,
  { anchors, lengths }: TargetSpace,
  masks: Masks
): string {
  const { rows, columns, data } = anchors
  const squares = new Float32Array(masks.rows.length * rows)
  for (const [i, mask] of masks.rows.entries())
    for (let j = 0; j < rows; j++) squares[i * rows + j] = mask[j] / lengths[j] ** 2
  const table = graph.initializer('anchors', 'float32', [rows, columns], data)
  const scale = graph.initializer('squares', 'float32', [masks.rows.length, rows], squares)
  const products = graph.node('Gemm', [vectors, table], { transB: { int: 1 } })
  return graph.node('Gemm', [graph.node('Mul', [products, scale]), table])
}
