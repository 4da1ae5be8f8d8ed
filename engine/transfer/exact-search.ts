/**
 * The exact search: `v* = (G + λ·tr(G)/e·I)⁻¹ b` with `b = Âᵀ M c`, the maximiser of Eq. 5/7 at λ = 0, for any number
 * of codes `c` and ridges at once. A common mask is solved with the factor of its own Gram matrix; masks per vector
 * by conjugate gradients that the factor of the full Gram matrix preconditions.
 */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import { solveLower } from '#engine/linear-algebra/cholesky.ts'
import {
  conjugateGradients,
  type LinearSystem,
  type Need
} from '#engine/linear-algebra/conjugate-gradients.ts'
import { addScaled, type Dense, denseRow, denseRowLengths, dot, zeros } from '#engine/linear-algebra/dense.ts'
import { deviceGram, type ExactGram, exactGram, type Gram, ridgeFloor } from '#engine/linear-algebra/gram.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import { selectAnchors } from '#engine/linear-algebra/unit-anchors.ts'
import { keptIndices, type Masks } from './mask.ts'
import { hasGrams, productsUnder, solvingGram } from './masked-products.ts'
import { keptAnchors, type TargetSpace } from './target-space.ts'

export type ExactSolution = {
  /** λ in force: the one asked for, or the floor where the anchors are rank deficient. */
  ridge: number
  /** `[n, e]`, lengths as they come. */
  vectors: Dense
  /** `G v = Âᵀ M Â v` of each, `[n, e]`: what `|M Â v|² = v·G v` needs. */
  images: Dense
}

/** The highest matching that any vectors have, which those at λ = 0 have. */
export type Bound = {
  /** `Σ_j w_j cos_j` per right-hand side, `[n]`. */
  matching: Float64Array
  /** λ in force: 0, or the floor where the anchors are rank deficient. */
  ridge: number
}

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
  ridges: readonly number[],
  signal?: AbortSignal
): Promise<ExactResult> {
  const gram = await gramFor(target, masks)
  throwIfCancelled(signal)
  const asked = ridges.map((ridge): AskedRidge => ({ ridge, need: 'vectors' }))
  const solving = solvingGram(gram, masks)
  const solutions =
    solving === null
      ? await solveByGradients(target, gram, masks, right, asked, signal)
      : await solveEach(solving, ridges, right, signal)
  return { solutions, gram }
}

/** The same, and the bound of the matching that it is held against. */
export async function exactSearchWithBound(
  target: TargetSpace,
  right: Dense,
  masks: Masks,
  ridges: readonly number[],
  signal?: AbortSignal
): Promise<ExactResult & { bound: Bound }> {
  const optimum = ridges.indexOf(0)
  if (optimum >= 0) {
    const result = await exactSearch(target, right, masks, ridges, signal)
    return { ...result, bound: boundOf(result.solutions[optimum], right) }
  }
  const gram = await gramFor(target, masks)
  throwIfCancelled(signal)
  const solving = solvingGram(gram, masks)
  if (solving !== null)
    return {
      solutions: await solveEach(solving, ridges, right, signal),
      bound: await boundByFactor(solving, right),
      gram
    }
  const asked: AskedRidge[] = [
    ...ridges.map((ridge) => ({ ridge, need: 'vectors' }) as const),
    { ridge: 0, need: 'matching' }
  ]
  const solutions = await solveByGradients(target, gram, masks, right, asked, signal)
  return { solutions: solutions.slice(0, -1), bound: boundOf(solutions[ridges.length], right), gram }
}

/** `b·v / √(v·G v)` of the optimum. */
function boundOf({ vectors, images, ridge }: ExactSolution, right: Dense): Bound {
  const matching = Float64Array.from({ length: right.rows }, (_, i) => {
    const vector = denseRow(vectors, i)
    const squares = dot(vector, denseRow(images, i))
    return squares > 0 ? dot(denseRow(right, i), vector) / Math.sqrt(squares) : 0
  })
  return { matching, ridge }
}

/**
 * The same without the optimum: `√(b·G⁻¹ b) = |L⁻¹ b|`. Where a floor is in force the factor is of another matrix than `G`,
 * and the optimum is solved after all: the length would be below what it matches.
 */
async function boundByFactor(gram: ExactGram, right: Dense): Promise<Bound> {
  const { factor, ridge } = await gram.factor(0)
  if (ridge > 0) return boundOf(await solveAll(gram, ridge, right), right)
  return { matching: denseRowLengths(await solveLower(factor, right)), ridge }
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

async function solveEach(
  gram: ExactGram,
  ridges: readonly number[],
  right: Dense,
  signal: AbortSignal | undefined
): Promise<ExactSolution[]> {
  const solutions: ExactSolution[] = []
  for (const ridge of ridges) {
    throwIfCancelled(signal)
    solutions.push(await solveAll(gram, ridge, right))
  }
  return solutions
}

/**
 * A residual no longer than this share of the right-hand side is what rounding leaves of the product that measures it: the
 * direction lacks it times the condition at most.
 */
const roundingShare = 1e-13

/** Two triangular solves for all right-hand sides `[n, e]`; and two for what rounding left of them, where that counts. */
async function solveAll(gram: ExactGram, asked: number, right: Dense): Promise<ExactSolution> {
  const { factor, ridge } = await gram.factor(asked)
  const vectors = await factor.solve(right)
  const images = await doubleProducts.timesTransposed(vectors, gram.matrix)
  const shift = (ridge * gram.trace) / gram.matrix.rows
  const residual = { ...right, data: right.data.slice() }
  addScaled(residual.data, -1, images.data)
  addScaled(residual.data, -shift, vectors.data)
  const lengths = denseRowLengths(right)
  const isLeft = denseRowLengths(residual).some((length, i) => length > roundingShare * lengths[i])
  if (!isLeft) return { ridge, vectors, images }
  addScaled(vectors.data, 1, (await factor.solve(residual)).data)
  return { ridge, vectors, images: await doubleProducts.timesTransposed(vectors, gram.matrix) }
}

/** A λ, and what its solution is needed for. */
type AskedRidge = { ridge: number; need: Need }

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
    const solved = await solveAll(await exactGram(own), inForce[r], row)
    results[r].vectors.data.set(solved.vectors.data, i * width)
    results[r].images.data.set(solved.images.data, i * width)
    results[r].ridge = Math.max(results[r].ridge, solved.ridge)
  }
  return results
}
