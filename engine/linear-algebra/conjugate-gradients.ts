/**
 * Preconditioned conjugate gradients for many systems `(Âᵀ M_i Â + s_i I) x_i = b_i` at once. The systems
 * differ in mask, shift and right-hand side but share each pass over the anchors, which is what costs.
 */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import { type Factor, solveInPlace } from './cholesky.ts'
import { addScaled, type Dense, denseRow, dot, zeros } from './dense.ts'
import { anchorSums, maskedProducts, type UnitAnchors } from './unit-anchors.ts'

export type LinearSystem = {
  /** `b`, `[e]`. */
  right: Float64Array
  /** `M`, `[k]` of 0 and 1. */
  mask: Uint8Array
  shift: number
  preconditioner: Factor
}

/**
 * The residual, measured by the preconditioner, relative to the right-hand side's. The matching lacks its
 * square; the direction in the weakest directions lacks it times the root of the condition.
 */
const tolerance = 1e-6
/** Systems that need more passes (few anchors kept of many) are cheaper to solve by a factor of their own. */
const mostPasses = 40

type State = { index: number; system: LinearSystem; residual: Float64Array; step: Float64Array; size: number }

/** `P⁻¹ r` for the residual of every state, by the factors that they share: `[n, e]`. */
function precondition(states: readonly State[]): Dense {
  const width = states[0].residual.length
  const result = zeros(states.length, width)
  for (const factor of new Set(states.map(({ system }) => system.preconditioner))) {
    const rows = [...states.keys()].filter((row) => states[row].system.preconditioner === factor)
    const group = zeros(rows.length, width)
    for (const [at, row] of rows.entries()) group.data.set(states[row].residual, at * width)
    solveInPlace(factor, group)
    for (const [at, row] of rows.entries()) result.data.set(denseRow(group, at), row * width)
  }
  return result
}

/** `(Âᵀ M_i Â + s_i I) step_i` for every state: `[n, e]`. */
async function applySystems(anchors: UnitAnchors, states: readonly State[]): Promise<Dense> {
  const width = anchors.byAnchor.columns
  const steps = zeros(states.length, width)
  for (const [row, { step }] of states.entries()) steps.data.set(step, row * width)
  const codes = await maskedProducts(
    anchors,
    steps,
    states.map(({ system }) => system.mask)
  )
  const applied = await anchorSums(anchors, codes)
  for (const [row, { system, step }] of states.entries())
    addScaled(denseRow(applied, row), system.shift, step)
  return applied
}

/**
 * Solves the systems over the unit-length anchors.
 * @returns `solutions [n, e]`, and the indices of those that did not reach the tolerance
 */
export async function conjugateGradients(
  anchors: UnitAnchors,
  systems: readonly LinearSystem[],
  signal: AbortSignal | undefined
): Promise<{ solutions: Dense; unsolved: number[] }> {
  const solutions = zeros(systems.length, anchors.byAnchor.columns)
  const states = systems.map(({ right }, index): State => {
    const residual = new Float64Array(right)
    return { index, system: systems[index], residual, step: residual, size: 0 }
  })
  const first = precondition(states)
  for (const [row, state] of states.entries()) {
    state.step = denseRow(first, row)
    state.size = dot(state.residual, state.step)
  }
  const enough = states.map(({ size }) => tolerance ** 2 * size)
  let active = states.filter(({ size }) => size > 0)
  for (let pass = 0; pass < mostPasses && active.length > 0; pass++) {
    throwIfCancelled(signal)
    const applied = await applySystems(anchors, active)
    for (const [row, state] of active.entries())
      descend(state, denseRow(applied, row), denseRow(solutions, state.index))
    const next = precondition(active)
    for (const [row, state] of active.entries()) turn(state, denseRow(next, row))
    active = active.filter(({ index, size }) => !(size <= enough[index]))
  }
  return { solutions, unsolved: active.map(({ index }) => index) }
}

/** Moves the solution and the residual along the step. */
function descend(state: State, applied: Float64Array, solution: Float64Array): void {
  const length = state.size / dot(state.step, applied)
  addScaled(solution, length, state.step)
  addScaled(state.residual, -length, applied)
}

/** Makes the preconditioned residual, made conjugate to the last step, the next one. */
function turn(state: State, next: Float64Array): void {
  const size = dot(state.residual, next)
  addScaled(next, size / state.size, state.step)
  state.step = next
  state.size = size
}
