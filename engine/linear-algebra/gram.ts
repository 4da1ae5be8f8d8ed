/**
 * Gram matrices of anchors, `G = Âᵀ M Â` for the method, and their factors. Where the factor does not exist, the
 * anchors span less than the target's space, and the smallest ridge that makes it exist is put in force.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Provider } from '#engine/devices/session.ts'
import { type Factor, factorise } from './cholesky.ts'
import { type Dense, zeros } from './dense.ts'
import { doubleProducts, singleProducts } from './products.ts'

/** λ that stands in for zero where the anchors are rank deficient: far below anything that counts. */
export const ridgeFloor = 1e-8

export type RidgeFactor = {
  factor: Factor
  /** λ in force: the one asked for, or a higher one that the rank asks for. */
  ridge: number
}

/** Says where another λ than the one asked for is in force. */
export function ridgeNotes(asked: number, inForce: number): string[] {
  return inForce > asked
    ? [`A ridge of ${inForce.toExponential(0)} stands in for ${asked}: the smallest that has one answer.`]
    : []
}

export type Gram = {
  /** `[e, e]`, lower triangle. */
  matrix: Dense
  trace: number
  /** Whether it was summed in float64: its factor then solves, else it only preconditions. */
  exact: boolean
  /** The factor of `G + λ·tr(G)/e·I`; the last few are kept. */
  factor: (ridge: number) => Promise<RidgeFactor>
}

/** Factors kept per Gram matrix: each is as large as the matrix. */
const factorsKept = 4

function withFactors(matrix: Dense, exact: boolean): Gram {
  let trace = 0
  for (let i = 0; i < matrix.rows; i++) trace += matrix.data[i * matrix.rows + i]
  const factors = new Map<number, Promise<RidgeFactor>>()
  const factor = (ridge: number): Promise<RidgeFactor> => {
    const known = factors.get(ridge)
    if (known !== undefined) return known
    const finding = factoriseWithFloor(matrix, trace / matrix.rows, ridge)
    factors.set(ridge, finding)
    // A Map keeps the order of insertion: the first key is the oldest.
    for (const oldest of factors.keys()) if (factors.size > factorsKept) factors.delete(oldest)
    return finding
  }
  return { matrix, trace, exact, factor }
}

/** `Âᵀ Â` is computed in so many strips of rows, each up to the diagonal: 9/16 of the full product. */
const strips = 8

/** @param rows the rows `start` to `end` of `Âᵀ [e, k]` in the precision of `multiply`, which computes `A Bᵀ` */
async function gramInStrips<M>(
  size: number,
  rows: (start: number, end: number) => M,
  multiply: (left: M, right: M) => Promise<{ data: ArrayLike<number> }>
): Promise<Dense> {
  const gram = zeros(size, size)
  for (let strip = 0; strip < strips; strip++) {
    const start = Math.floor((size * strip) / strips)
    const end = Math.floor((size * (strip + 1)) / strips)
    if (start === end) continue
    const { data } = await multiply(rows(start, end), rows(0, end))
    for (let i = start; i < end; i++)
      for (let j = 0; j <= i; j++) gram.data[i * size + j] = data[(i - start) * end + j]
  }
  return gram
}

/** The Gram matrix `A Aᵀ` of rows `A [e, k]`, such as `Âᵀ`, in float64. */
export async function exactGram(byDimension: Dense): Promise<Gram> {
  const { rows: size, columns, data } = byDimension
  const rows = (start: number, end: number): Dense => ({
    rows: end - start,
    columns,
    data: data.subarray(start * columns, end * columns)
  })
  return withFactors(await gramInStrips(size, rows, doubleProducts.timesTransposed), true)
}

/**
 * The Gram matrix of `unit`, `Âᵀ [e, k]`, in float32 on the device, good enough to precondition with; where
 * float32 can't tell it from a singular one, the one that `exactly` gives.
 */
export async function deviceGram(
  unit: Dense,
  device: Provider,
  exactly: () => Promise<Gram> = () => exactGram(unit)
): Promise<Gram> {
  const { rows: size, columns } = unit
  const data = new Float32Array(unit.data)
  const rows = (start: number, end: number): Matrix => ({
    rows: end - start,
    columns,
    data: data.subarray(start * columns, end * columns)
  })
  const { timesTransposed } = singleProducts(device)
  const gram = withFactors(await gramInStrips(size, rows, timesTransposed), false)
  return (await gram.factor(0)).ridge > 0 ? await exactly() : gram
}

async function factoriseWithFloor(matrix: Dense, unitShift: number, asked: number): Promise<RidgeFactor> {
  let ridge = asked
  for (;;) {
    const factor = await factorise(matrix.data, matrix.rows, ridge * unitShift)
    if (factor !== null) return { factor, ridge }
    ridge = Math.max(ridgeFloor, 10 * ridge)
  }
}
