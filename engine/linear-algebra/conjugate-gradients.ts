/**
 * Preconditioned conjugate gradients for many systems `(Âᵀ M_i Â + s_i I) x_i = b_i` at once. The systems
 * differ in mask, shift and right-hand side but share each pass over the anchors, which is what costs. Passes are in
 * float32, which halves their time; what they leave is measured in float64 and takes the place of what they say is left
 * (iterative refinement, Wilkinson 1963; the directions are kept, van der Vorst and Ye 2000). Where both agree, passes
 * go on and are believed; where float32 gets no further, they go on in float64.
 */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { Factor } from './cholesky.ts'
import { addScaled, type Dense, denseRow, dot, zeros } from './dense.ts'
import type { Precision } from './products.ts'
import type { AnchorMask } from './unit-anchors.ts'

/** What a solution is needed for: itself, or its matching alone. */
export type Need = 'vectors' | 'matching'

export type LinearSystem = {
  /** `b`, `[e]`. */
  right: Float64Array
  mask: AnchorMask
  shift: number
  preconditioner: Factor
  need: Need
}

/** `Âᵀ M_i Â v_i` for a vector of every mask, `[n, e]`, in the precision named. */
export type MaskedProducts = (
  vectors: Dense,
  masks: readonly AnchorMask[],
  precision: Precision
) => Promise<Dense>

/**
 * The residual, measured by the preconditioner, relative to the right-hand side's. The matching lacks its
 * square; the direction in the weakest directions lacks it times the root of the condition.
 */
const tolerance: Readonly<Record<Need, number>> = { vectors: 2e-7, matching: 1e-5 }
/**
 * How far float32 passes reduce a residual before it is measured anew. Where the measured one is no longer than `agreeing`
 * times what they say, their rounding errors are of this share of the residual that they began with: from the next one on
 * too small to be measured again.
 */
const [reduction, agreeing] = [1e-5, 2]
/** What float32 passes have to reach to go on. */
const worthwhile = 0.1
/** Systems that need more passes (few anchors kept of many) are cheaper to solve by a factor of their own. */
const mostPasses = 40

type State = {
  index: number
  system: LinearSystem
  /** The solution so far, a row of the result. */
  solution: Float64Array
  residual: Float64Array
  step: Float64Array
  /** `rᵀ P⁻¹ r` of the residual, and of the one that is small enough. */
  size: number
  enough: number
  /** Whether float32 passes were found to say rightly what they leave. */
  believed: boolean
}

/** What `operate` makes of the vectors of each key together, in the places of these: `[n, e]`. */
export async function byKey<K>(
  vectors: Dense,
  keys: readonly K[],
  operate: (key: K, vectors: Dense) => Promise<Dense>
): Promise<Dense> {
  const result = zeros(vectors.rows, vectors.columns)
  for (const key of new Set(keys)) {
    const rows = [...keys.keys()].filter((row) => keys[row] === key)
    const own = zeros(rows.length, vectors.columns)
    for (const [at, row] of rows.entries()) own.data.set(denseRow(vectors, row), at * vectors.columns)
    const found = await operate(key, own)
    for (const [at, row] of rows.entries()) result.data.set(denseRow(found, at), row * vectors.columns)
  }
  return result
}

/** A vector of every state, `[n, e]`. */
function vectorsOf(states: readonly State[], vectorOf: (state: State) => Float64Array): Dense {
  const vectors = zeros(states.length, states[0].residual.length)
  for (const [row, state] of states.entries()) vectors.data.set(vectorOf(state), row * vectors.columns)
  return vectors
}

/** `P⁻¹ r` for the residual of every state, by the factors that they share: `[n, e]`. */
async function precondition(states: readonly State[]): Promise<Dense> {
  const residuals = vectorsOf(states, ({ residual }) => residual)
  return await byKey(
    residuals,
    states.map(({ system }) => system.preconditioner),
    async ({ solve }, rows) => await solve(rows)
  )
}

/** `(Âᵀ M_i Â + s_i I) v_i` for a vector of every state: `[n, e]`. */
async function applySystems(
  products: MaskedProducts,
  states: readonly State[],
  vectorOf: (state: State) => Float64Array,
  precision: Precision
): Promise<Dense> {
  const vectors = vectorsOf(states, vectorOf)
  const masks = states.map(({ system }) => system.mask)
  const applied = await products(vectors, masks, precision)
  for (const [row, { system }] of states.entries())
    addScaled(denseRow(applied, row), system.shift, denseRow(vectors, row))
  return applied
}

/**
 * Passes over the anchors until every state is down to its `goal`, or no pass is left.
 * @returns passes left
 */
async function descend(
  products: MaskedProducts,
  states: readonly State[],
  precision: Precision,
  goalOf: (state: State) => number,
  passes: number,
  signal: AbortSignal | undefined
): Promise<number> {
  const goals = new Map(states.map((state) => [state, goalOf(state)]))
  let left = passes
  for (let active = [...states]; active.length > 0 && left > 0; left--) {
    throwIfCancelled(signal)
    const applied = await applySystems(products, active, ({ step }) => step, precision)
    for (const [row, state] of active.entries()) move(state, denseRow(applied, row))
    const next = await precondition(active)
    for (const [row, state] of active.entries()) turn(state, denseRow(next, row))
    active = active.filter((state) => !(state.size <= (goals.get(state) ?? 0)))
  }
  return left
}

/** Measures in float64 what the solutions leave, and goes on from there: along the steps so far where they were right. */
async function measure(products: MaskedProducts, states: readonly State[]): Promise<void> {
  if (states.length === 0) return
  const applied = await applySystems(products, states, ({ solution }) => solution, 'float64')
  for (const [row, { residual, system }] of states.entries()) {
    residual.set(system.right)
    addScaled(residual, -1, denseRow(applied, row))
  }
  const next = await precondition(states)
  for (const [row, state] of states.entries()) {
    state.believed = dot(state.residual, denseRow(next, row)) <= agreeing ** 2 * state.size
    if (state.believed) turn(state, denseRow(next, row))
    else begin(state, denseRow(next, row))
  }
}

export type Solved = {
  /** `[n, e]`. */
  solutions: Dense
  /** `Âᵀ M_i Â x_i`, `[n, e]`. */
  images: Dense
  /** The indices of those that did not reach the tolerance. */
  unsolved: number[]
}

/** Solves the systems, one at least, by products with the anchors. */
export async function conjugateGradients(
  products: MaskedProducts,
  systems: readonly LinearSystem[],
  signal: AbortSignal | undefined
): Promise<Solved> {
  const solutions = zeros(systems.length, systems[0].right.length)
  const states = systems.map((system, index): State => {
    const [residual, solution] = [new Float64Array(system.right), denseRow(solutions, index)]
    return { index, system, solution, residual, step: residual, size: 0, enough: 0, believed: false }
  })
  const steps = await precondition(states)
  for (const [row, state] of states.entries()) {
    begin(state, denseRow(steps, row))
    state.enough = tolerance[state.system.need] ** 2 * state.size
  }
  let passes = mostPasses
  let coarse = states.filter(({ size }) => size > 0)
  const fine: State[] = []
  while (coarse.length > 0 && passes > 0) {
    const before = new Map(coarse.map((state) => [state, state.size]))
    const goalOf = ({ size, enough }: State): number => Math.max(enough, reduction ** 2 * size)
    passes = await descend(products, coarse, 'float32', goalOf, passes, signal)
    const open = coarse.filter(({ size, enough, believed }) => !(believed && size <= enough))
    await measure(products, open)
    const active = open.filter(({ size, enough }) => !(size <= enough))
    const advanced = (state: State): boolean => state.size <= worthwhile ** 2 * (before.get(state) ?? 0)
    fine.push(...active.filter((state) => !advanced(state)))
    coarse = active.filter(advanced)
  }
  await descend(products, fine, 'float64', ({ enough }) => enough, passes, signal)
  const images = zeros(solutions.rows, solutions.columns)
  for (const { index, system, solution, residual } of states) {
    const image = denseRow(images, index)
    image.set(system.right)
    addScaled(image, -1, residual)
    addScaled(image, -system.shift, solution)
  }
  const unsolved = states.filter(({ size, enough }) => !(size <= enough)).map(({ index }) => index)
  return { solutions, images, unsolved }
}

/** Moves the solution and the residual along the step. */
function move({ step, size, solution, residual }: State, applied: Float64Array): void {
  const length = size / dot(step, applied)
  addScaled(solution, length, step)
  addScaled(residual, -length, applied)
}

/** Makes the preconditioned residual the first step. */
function begin(state: State, next: Float64Array): void {
  state.step = next
  state.size = dot(state.residual, next)
}

/** Makes the preconditioned residual, made conjugate to the last step, the next one. */
function turn(state: State, next: Float64Array): void {
  const size = dot(state.residual, next)
  addScaled(next, size / state.size, state.step)
  state.step = next
  state.size = size
}
