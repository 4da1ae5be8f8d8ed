/**
 * The exact search: `v* = (G + λ·tr(G)/e·I)⁻¹ b` with `b = Âᵀ M c`, the maximiser of Eq. 5/7 at λ = 0, for any number
 * of codes `c` and ridges at once. A common mask is solved with the factor of its own Gram matrix; masks per vector
 * by conjugate gradients that the factor of the full Gram matrix preconditions.
 */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import { solve } from '#engine/linear-algebra/cholesky.ts'
import {
  conjugateGradients,
  type LinearSystem,
  type Need
} from '#engine/linear-algebra/conjugate-gradients.ts'
import { addScaled, type Dense, denseRow, zeros } from '#engine/linear-algebra/dense.ts'
import { deviceGram, exactGram, type Gram, ridgeFloor } from '#engine/linear-algebra/gram.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import { selectAnchors } from '#engine/linear-algebra/unit-anchors.ts'
import { keptIndices, type Masks } from './mask.ts'
import { hasGrams, productsUnder } from './masked-products.ts'
import { keptAnchors, type TargetSpace } from './target-space.ts'

export type ExactSolution = {
  /** λ in force: the one asked for, or the floor where the anchors are rank deficient. */
  ridge: number
  /** `[n, e]`, lengths as they come. */
  vectors: Dense
  /** `G v = Âᵀ M Â v` of each, `[n, e]`: what `|M Â v|² = v·G v` needs. */
  images: Dense
}

/** A λ, and what its solution is needed for. */
export type AskedRidge = { ridge: number; need: Need }

/** One solution per ridge, and the Gram matrix whose factor served: of the common mask, else of all anchors. */
export type ExactResult = { solutions: ExactSolution[]; gram: Gram }

/**
 * Solves for every right-hand side `b [n, e]` under every ridge λ.
 * @param masks one per right-hand side
 */
export async function exactSearch(
  target: TargetSpace,
  right: Dense,
  masks: Masks,
  ridges: readonly AskedRidge[],
  signal?: AbortSignal
): Promise<ExactResult> {
  const gram = await gramFor(target, masks)
  throwIfCancelled(signal)
  if (!(masks.common && gram.exact))
    return { solutions: await solveByGradients(target, gram, masks, right, ridges, signal), gram }
  const solutions: ExactSolution[] = []
  for (const asked of ridges) {
    throwIfCancelled(signal)
    solutions.push(await solveAll(gram, asked, right))
  }
  return { solutions, gram }
}

/**
 * The Gram matrix to factorise: a common mask's own, else that of all anchors. On the CPU a common mask is
 * worth float64, as its factor then solves outright; else float32 on the device preconditions.
 */
async function gramFor(target: TargetSpace, masks: Masks): Promise<Gram> {
  const { unit, device } = target
  if (hasGrams(target, masks)) return (await target.maskedGrams(masks)).gram
  const kept = keptAnchors(target, masks)
  const exact = masks.common && device === 'cpu'
  if (kept === unit) return await (exact ? target.exactGram() : target.deviceGram())
  return await (exact ? exactGram(kept) : deviceGram(kept, device))
}

/** Two triangular solves for all right-hand sides `[n, e]`; and two for what rounding left of them, unless the matching will do. */
async function solveAll(gram: Gram, asked: AskedRidge, right: Dense): Promise<ExactSolution> {
  const { factor, ridge } = await gram.factor(asked.ridge)
  const vectors = await solve(factor, right)
  const images = await doubleProducts.timesTransposed(vectors, gram.matrix)
  if (asked.need === 'matching') return { ridge, vectors, images }
  const shift = (ridge * gram.trace) / gram.matrix.rows
  const residual = images.data.map((image, i) => right.data[i] - image - shift * vectors.data[i])
  addScaled(vectors.data, 1, (await solve(factor, { ...images, data: residual })).data)
  return { ridge, vectors, images: await doubleProducts.timesTransposed(vectors, gram.matrix) }
}

/** Conjugate gradients for all right-hand sides and ridges together: they share the passes over the anchors. */
async function solveByGradients(
  target: TargetSpace,
  gram: Gram,
  masks: Masks,
  right: Dense,
  ridges: readonly AskedRidge[],
  signal: AbortSignal | undefined
): Promise<ExactSolution[]> {
  const anchors = keptAnchors(target, masks)
  const width = target.anchors.columns
  const unitShift = masks.kept / width
  const factors = await Promise.all(ridges.map(({ ridge }) => gram.factor(ridge)))
  const floor = masks.kept < width ? ridgeFloor : 0
  const inForce = ridges.map(({ ridge }, r) => Math.max(gram.exact ? factors[r].ridge : ridge, floor))
  const systems: LinearSystem[] = inForce.flatMap((ridge, r) =>
    masks.rows.map((mask, i) => ({
      right: denseRow(right, i),
      mask: masks.common ? null : mask,
      shift: ridge * unitShift,
      preconditioner: factors[r].factor,
      need: ridges[r].need
    }))
  )
  const products = await productsUnder(target, masks)
  const { solutions, images, unsolved } = await conjugateGradients(products, systems, signal)
  const results = inForce.map((ridge) => {
    return { ridge, vectors: zeros(right.rows, width), images: zeros(right.rows, width) }
  })
  for (let s = 0; s < systems.length; s++) {
    const { vectors, images: own } = results[Math.floor(s / right.rows)]
    vectors.data.set(denseRow(solutions, s), (s % right.rows) * width)
    own.data.set(denseRow(images, s), (s % right.rows) * width)
  }
  for (const s of unsolved) {
    throwIfCancelled(signal)
    const [r, i] = [Math.floor(s / right.rows), s % right.rows]
    const own = masks.common ? anchors : selectAnchors(anchors, keptIndices(masks.rows[i]))
    const row = { rows: 1, columns: width, data: denseRow(right, i) }
    const solved = await solveAll(await exactGram(own), { ...ridges[r], ridge: inForce[r] }, row)
    results[r].vectors.data.set(solved.vectors.data, i * width)
    results[r].images.data.set(solved.images.data, i * width)
    results[r].ridge = Math.max(results[r].ridge, solved.ridge)
  }
  return results
}
