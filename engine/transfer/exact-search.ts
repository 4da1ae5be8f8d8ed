/**
 * The exact search: `v* = (G + λ·tr(G)/e·I)⁻¹ Âᵀ M c`, the maximiser of Eq. 5/7 at λ = 0, for any number of
 * codes and ridges at once. A common mask is solved with the factor of its own Gram matrix; masks per vector
 * by conjugate gradients that the factor of the full Gram matrix preconditions.
 */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import { solveInPlace } from '#engine/linear-algebra/cholesky.ts'
import { conjugateGradients, type LinearSystem } from '#engine/linear-algebra/conjugate-gradients.ts'
import { type Dense, denseColumns, denseRow, zeros } from '#engine/linear-algebra/dense.ts'
import { deviceGram, exactGram, type Gram, ridgeFloor } from '#engine/linear-algebra/gram.ts'
import { anchorSums } from '#engine/linear-algebra/unit-anchors.ts'
import { keptIndices, type Masks } from './mask.ts'
import type { TargetSpace } from './target-space.ts'

export type ExactSolution = {
  /** λ in force: the one asked for, or the floor where the anchors are rank deficient. */
  ridge: number
  /** `[n, e]`, lengths as they come. */
  vectors: Dense
}

/** One solution per ridge, and the Gram matrix whose factor served: of the common mask, else of all anchors. */
export type ExactResult = { solutions: ExactSolution[]; gram: Gram }

/**
 * Solves for every code `c [n, k]` (already masked) under every ridge λ.
 * @param masks one per code
 */
export async function exactSearch(
  target: TargetSpace,
  codes: Dense,
  masks: Masks,
  ridges: readonly number[],
  signal?: AbortSignal
): Promise<ExactResult> {
  const right = await anchorSums(target.unit, codes)
  throwIfCancelled(signal)
  const gram = await gramFor(target, masks)
  throwIfCancelled(signal)
  if (!(masks.common && gram.exact))
    return { solutions: await solveByGradients(target, gram, masks, right, ridges, signal), gram }
  const solutions: ExactSolution[] = []
  for (const ridge of ridges) {
    throwIfCancelled(signal)
    solutions.push(await solveAll(gram, ridge, right))
  }
  return { solutions, gram }
}

/**
 * The Gram matrix to factorise: a common mask's own, else that of all anchors. On the CPU a common mask is
 * worth float64, as its factor then solves outright; else float32 on the device preconditions.
 */
async function gramFor(target: TargetSpace, masks: Masks): Promise<Gram> {
  const { unit, device } = target
  const everything = !masks.common || masks.kept === unit.byAnchor.rows
  const exact = masks.common && device === 'cpu'
  if (everything) return await (exact ? target.exactGram() : target.deviceGram())
  const own = denseColumns(unit.byDimension, keptIndices(masks.rows[0]))
  return await (exact ? exactGram(own) : deviceGram(own, device))
}

/** One triangular solve per right-hand side `[n, e]`. */
async function solveAll(gram: Gram, ridge: number, right: Dense): Promise<ExactSolution> {
  const { factor, ridge: inForce } = await gram.factor(ridge)
  const vectors = { ...right, data: new Float64Array(right.data) }
  solveInPlace(factor, vectors)
  return { ridge: inForce, vectors }
}

/** Conjugate gradients for all right-hand sides and ridges together: they share the passes over the anchors. */
async function solveByGradients(
  target: TargetSpace,
  gram: Gram,
  masks: Masks,
  right: Dense,
  ridges: readonly number[],
  signal: AbortSignal | undefined
): Promise<ExactSolution[]> {
  const width = target.unit.byAnchor.columns
  const unitShift = masks.kept / width
  const factors = await Promise.all(ridges.map((ridge) => gram.factor(ridge)))
  const floor = masks.kept < width ? ridgeFloor : 0
  const inForce = ridges.map((ridge, r) => Math.max(gram.exact ? factors[r].ridge : ridge, floor))
  const systems: LinearSystem[] = inForce.flatMap((ridge, r) =>
    masks.rows.map((mask, i) => ({
      right: denseRow(right, i),
      mask,
      shift: ridge * unitShift,
      preconditioner: factors[r].factor
    }))
  )
  const { solutions, unsolved } = await conjugateGradients(target.unit, systems, signal)
  const results = inForce.map((ridge) => ({ ridge, vectors: zeros(right.rows, width) }))
  for (let s = 0; s < systems.length; s++)
    results[Math.floor(s / right.rows)].vectors.data.set(denseRow(solutions, s), (s % right.rows) * width)
  for (const s of unsolved) {
    throwIfCancelled(signal)
    const [r, i] = [Math.floor(s / right.rows), s % right.rows]
    const own = await exactGram(denseColumns(target.unit.byDimension, keptIndices(masks.rows[i])))
    const solved = await solveAll(own, inForce[r], { rows: 1, columns: width, data: denseRow(right, i) })
    results[r].vectors.data.set(solved.vectors.data, i * width)
    results[r].ridge = Math.max(results[r].ridge, solved.ridge)
  }
  return results
}
