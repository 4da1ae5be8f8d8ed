/** Eq. 3 and 4: relative codes, the cosines of vectors with anchors, and what is asked of the matrices. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type Matrix, requireFinite } from '#engine/common/contract/matrix.ts'
import type { Centre } from '#engine/common/contract/transfer.ts'
import type { Provider } from '#engine/devices/session.ts'
import { rowLengths } from '#engine/linear-algebra/dense.ts'
import { float32, opset } from '#engine/linear-algebra/products.ts'
import { keptSessions } from '#engine/linear-algebra/sessions.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { requireAnchors } from './anchor-lengths.ts'
import { lessMean, meanRow } from './centre.ts'

/** A source's anchors, which are prepared when its turn comes: so those of one source are held at a time. */
export type SourceAnchors = {
  name: string
  /** `k`. */
  count: number
  prepare: () => Promise<SourceSpace>
  /** {@link encode} under these anchors, which are prepared where the codes are not known: not to be written to. */
  codes: (vectors: Matrix) => Promise<Matrix>
}

/** A source's anchors, prepared once and used for every prompt. */
export type SourceSpace = SourceAnchors & {
  /** `[k, d]` as the table holds them, less their mean where they are centred. */
  anchors: Matrix
  /** `ā`, `[d]`, which is taken from prompts too; null: not centred. */
  mean: Float64Array | null
  /** The lengths of the anchors, `[k]`. */
  lengths: Float64Array
  device: Provider
}

/**
 * Prepares a source's anchors `[k, d]`.
 * @throws AnchorageError `bad-value` for NaN, infinities and zero anchors
 */
export function prepareSource(
  anchors: Matrix,
  name: string,
  device: Provider,
  centre: Centre = 'none'
): SourceSpace {
  const mean = centre === 'mean' ? meanRow(anchors) : null
  const own = mean === null ? anchors : lessMean(anchors, mean)
  const space: SourceSpace = {
    name,
    count: own.rows,
    prepare: () => Promise.resolve(space),
    codes: (vectors) => encode(vectors, space),
    anchors: own,
    mean,
    lengths: requireAnchors(own, `the anchors of ${name}`),
    device
  }
  return space
}

/**
 * What is encoded of `vectors [n, d]`: they themselves, less the mean of the anchors where these are centred.
 * @throws AnchorageError as {@link requireVectors}
 */
export function centredVectors(vectors: Matrix, { name, anchors, mean }: SourceSpace): Matrix {
  requireVectors(vectors, name, anchors.columns)
  return mean === null ? vectors : lessMean(vectors, mean)
}

/** Products with the anchors, `[m, k]`, times `scales [k, 1]`: the anchors at length 1 are never made. */
const cosines = keptSessions(() => {
  const graph = graphBuilder({ opset })
  const vectors = graph.input('vectors', 'float32', ['m', 'd'])
  const anchors = graph.input('anchors', 'float32', ['k', 'd'])
  // What comes first is read along its rows as it lies; what comes second is copied.
  const products = graph.node('Gemm', [anchors, vectors], { transB: { int: 1 } })
  const scaled = graph.node('Mul', [products, graph.input('scales', 'float32', ['k', 1])])
  graph.namedNode('codes', 'Transpose', [scaled])
  graph.output('codes', 'float32', ['m', 'k'])
  return graph.build()
})

/**
 * The relative codes of `vectors [m, d]` under a source's anchors: `[m, k]`, cosines; both less the mean of the
 * anchors where these are centred.
 * @throws AnchorageError `mismatch` for differing widths, `bad-value` for NaN, infinities and zero vectors
 */
export async function encode(vectors: Matrix, source: SourceSpace): Promise<Matrix> {
  const { anchors, lengths, device } = source
  const moved = centredVectors(vectors, source)
  const vectorLengths = requireVectors(moved, source.name, anchors.columns)
  const unit = {
    ...moved,
    data: moved.data.map((value, at) => value / vectorLengths[Math.floor(at / moved.columns)])
  }
  const scales = { rows: anchors.rows, columns: 1, data: Float32Array.from(lengths, (length) => 1 / length) }
  const { run } = await cosines(device)
  const answer = await run({
    vectors: float32.tensor(unit),
    anchors: float32.tensor(anchors),
    scales: float32.tensor(scales)
  })
  return float32.matrix({ rows: vectors.rows, columns: anchors.rows }, answer['codes'])
}

/**
 * The lengths of the vectors, `[m]`, once they are found to be what can be transferred from a model of a width.
 * @throws AnchorageError `mismatch` for another width, `bad-value` for NaN, infinities and zero vectors
 */
export function requireVectors(vectors: Matrix, name: string, width: number): Float64Array {
  const where = `the prompt of ${name}`
  if (vectors.columns !== width)
    throw new AnchorageError('mismatch', 'The prompt and its model differ in width.', {
      where,
      found: `vectors ${vectors.columns} wide`,
      expected: `${width}, the width of the word embeddings`,
      next: 'Choose the model that the prompt was tuned on.'
    })
  requireFinite(vectors, where)
  const lengths = rowLengths(vectors)
  const zero = lengths.indexOf(0)
  if (zero >= 0)
    throw new AnchorageError('bad-value', 'A prompt vector of length zero has no direction to transfer.', {
      where: `${where}, row ${zero}`,
      found: 'zeros only',
      expected: 'at least one value that is not zero',
      next: 'Leave this row out: prompt files often hold more rows than the template uses.'
    })
  return lengths
}

/** The lengths of masked codes `M r`, `[m]`. @throws AnchorageError `bad-value` for one of length zero */
export function maskedLengths(codes: Matrix, name: string): Float64Array {
  const lengths = rowLengths(codes)
  const zero = lengths.indexOf(0)
  if (zero >= 0)
    throw new AnchorageError('bad-value', 'A prompt vector is orthogonal to every anchor that is kept.', {
      where: `${name}, row ${zero}`,
      found: 'only zeros in its relative code',
      expected: 'at least one cosine that is not zero',
      next: 'Keep more anchors.'
    })
  return lengths
}
