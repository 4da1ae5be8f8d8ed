/** The two sides of an orthogonal map, with the means of the anchors taken out where that is asked for. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { addScaled, type Dense, denseRow, toDense } from '#engine/linear-algebra/dense.ts'
import { type AnchorPairs, byDimension } from './transferred-vectors.ts'

export type CentredSides = {
  /** The source's anchors with a row for every dimension, `[d, k]`. */
  source: Dense
  /** The target's, `[e, k]`. */
  target: Dense
  /** What is transferred, `[n, d]`, less the source's means. */
  vectors: Dense
  /** Gives the target's means to transferred vectors `[n, e]`, in place. */
  restore: (transferred: Dense) => void
}

export function centreSides(anchors: AnchorPairs, vectors: Matrix, centre: boolean): CentredSides {
  const source = byDimension(anchors.source)
  const target = byDimension(anchors.target)
  const moved = toDense(vectors)
  if (!centre) return { source, target, vectors: moved, restore: () => {} }
  addToRows(moved, -1, takeMeans(source))
  const targetMeans = takeMeans(target)
  return { source, target, vectors: moved, restore: (transferred) => addToRows(transferred, 1, targetMeans) }
}

/** Takes the mean of every row `[d, k]` out of it, in place: the means, `[d]`. */
function takeMeans(dense: Dense): Float64Array {
  return Float64Array.from({ length: dense.rows }, (_, i) => {
    const row = denseRow(dense, i)
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length
    for (let j = 0; j < row.length; j++) row[j] -= mean
    return mean
  })
}

/** Adds `factor · shift [d]` to every row `[n, d]`, in place. */
function addToRows(dense: Dense, factor: number, shift: Float64Array): void {
  for (let i = 0; i < dense.rows; i++) addScaled(denseRow(dense, i), factor, shift)
}
