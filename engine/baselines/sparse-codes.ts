/**
 * Sparse codes over anchors: orthogonal matching pursuit (Pati, Rezaiifar and Krishnaprasad 1993) writes each vector as
 * a weighted sum of few anchors of the source; the same sum of the target's anchors is the vector transferred.
 */
import { Matrix as SmallMatrix, solve } from 'ml-matrix'
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { row } from '#engine/common/contract/matrix.ts'
import {
  addScaled,
  type Dense,
  denseRow,
  denseRowLengths,
  dot,
  toDense,
  unitRows,
  zeros
} from '#engine/linear-algebra/dense.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import type { WorkOptions } from '#engine/transfer/transfer-input.ts'
import type { AnchorPairs, TransferredVectors } from './transferred-vectors.ts'

/** One vector on its way: the anchors chosen, the orthonormal basis that they span, and what is left of the vector. */
type Pursuit = { chosen: number[]; basis: Float64Array[]; residual: Float64Array; done: boolean }

/** What is left is nothing, and an anchor adds no direction, below this share of their length. */
const precision = 1e-10

/** Transfers `vectors [n, d]` as sums of at most `atoms` anchors each. */
export async function sparseCodes(
  anchors: AnchorPairs,
  vectors: Matrix,
  atoms: number,
  { signal, progress }: WorkOptions = {}
): Promise<TransferredVectors> {
  const unit = unitRows(toDense(anchors.source))
  const residuals = toDense(vectors)
  const lengths = denseRowLengths(residuals)
  const pursuits = Array.from(
    lengths,
    (_, i): Pursuit => ({ chosen: [], basis: [], residual: denseRow(residuals, i), done: false })
  )
  for (let step = 0; step < atoms && pursuits.some(({ done }) => !done); step++) {
    throwIfCancelled(signal)
    progress?.(step, atoms, 'choosing anchors')
    const products = await doubleProducts.timesTransposed(residuals, unit)
    for (const [i, pursuit] of pursuits.entries())
      if (!pursuit.done) pursuit.done = !takeAnchor(pursuit, denseRow(products, i), unit, lengths[i])
  }
  const transferred = zeros(vectors.rows, anchors.target.columns)
  for (const [i, { chosen }] of pursuits.entries())
    for (const [at, weight] of weightsOf(chosen, anchors.source, row(vectors, i)).entries())
      addScaled(denseRow(transferred, i), weight, row(anchors.target, chosen[at]))
  const left =
    denseRowLengths(residuals).reduce((sum, length, i) => sum + length / lengths[i], 0) / lengths.length
  return {
    vectors: transferred,
    notes: [
      `Sums of ${atoms} anchors leave out ${(100 * left).toFixed(1)} % of the vectors' length on average.`
    ]
  }
}

/** Takes the anchor nearest to what is left, and what it spans out of that; false where nothing is left to take. */
function takeAnchor(
  { chosen, basis, residual }: Pursuit,
  products: Float64Array,
  unit: Dense,
  length: number
): boolean {
  if (Math.sqrt(dot(residual, residual)) <= precision * length) return false
  let best = 0
  for (let j = 1; j < products.length; j++) if (Math.abs(products[j]) > Math.abs(products[best])) best = j
  const direction = new Float64Array(denseRow(unit, best))
  // Twice: once leaves what rounding makes of nearly dependent anchors.
  for (const known of [...basis, ...basis]) addScaled(direction, -dot(direction, known), known)
  const rest = Math.sqrt(dot(direction, direction))
  if (rest <= precision) return false
  for (let j = 0; j < direction.length; j++) direction[j] /= rest
  chosen.push(best)
  basis.push(direction)
  addScaled(residual, -dot(residual, direction), direction)
  return true
}

/** The weights of the chosen anchors, as they are in the table, in the sum nearest to `vector`. */
function weightsOf(chosen: readonly number[], anchors: Matrix, vector: Float32Array): number[] {
  if (chosen.length === 0) return []
  const sides = new SmallMatrix(chosen.map((index) => [...row(anchors, index)])).transpose()
  return solve(sides, SmallMatrix.columnVector(vector)).to1DArray()
}
