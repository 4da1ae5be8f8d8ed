/**
 * Gram matrices `G = Âᵀ M Â` of unit-length anchors and their factors. Where the factor does not exist, the
 * anchors span less than the target's space, and the smallest ridge that makes it exist is put in force.
 */
import type { Provider } from '../runtime/session.ts'
import { type Factor, factorise } from './cholesky.ts'
import { type Dense, toMatrix } from './dense.ts'
import { doubleProducts, singleProducts } from './products.ts'

/** λ that stands in for zero where the anchors are rank deficient: far below anything that counts. */
export const ridgeFloor = 1e-8

export type RidgeFactor = {
  factor: Factor
  /** λ in force: the one asked for, or a higher one that the rank asks for. */
  ridge: number
}

export type Gram = {
  /** `[e, e]`, lower triangle. */
  matrix: Dense
  trace: number
  /** Whether it was summed in float64: its factor then solves, else it only preconditions. */
  exact: boolean
  /** The factor of `G + λ·tr(G)/e·I`, kept per λ. */
  factor: (ridge: number) => RidgeFactor
}

/**
 * The Gram matrix of `unit [k, e]`: in float64 on the CPU, in float32 on any other device.
 * Its trace is `k`, as every row has length 1.
 */
export async function gramMatrix(unit: Dense, device: Provider): Promise<Gram> {
  const exact = device === 'cpu'
  const matrix = exact ? await doubleProducts.gram(unit) : await singleProducts(device).gram(toMatrix(unit))
  const size = matrix.rows
  const factors = new Map<number, RidgeFactor>()
  const factor = (ridge: number): RidgeFactor => {
    const known = factors.get(ridge)
    if (known !== undefined) return known
    const found = factoriseWithFloor(matrix, unit.rows / size, ridge)
    factors.set(ridge, found)
    return found
  }
  return { matrix, trace: unit.rows, exact, factor }
}

function factoriseWithFloor(matrix: Dense, unitShift: number, asked: number): RidgeFactor {
  let ridge = asked
  for (;;) {
    const factor = factorise(matrix.data, matrix.rows, ridge * unitShift)
    if (factor !== null) return { factor, ridge }
    ridge = Math.max(ridgeFloor, 10 * ridge)
  }
}
