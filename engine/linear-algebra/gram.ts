/**
 * Gram matrices of anchors, `G = Âᵀ M Â` for the method, and their factors. Where the factor does not exist, the
 * anchors span less than the target's space, and the smallest ridge that makes it exist is put in force.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Provider } from '#engine/devices/session.ts'
import { type Factor, factorise, factoriseInSingle } from './cholesky.ts'
import { type Dense, toMatrix } from './dense.ts'
import { gramMatrix, maskedGramMatrices } from './gram-products.ts'
import type { UnitAnchors } from './unit-anchors.ts'

/** λ that stands in for zero where the anchors are rank deficient: far below anything that counts. */
export const ridgeFloor = 1e-8

export type RidgeFactor<F extends Factor = Factor> = {
  factor: F
  /** λ in force: the one asked for, or a higher one that the rank asks for. */
  ridge: number
}

/** Says where another λ than the one asked for is in force. */
export function ridgeNotes(asked: number, inForce: number): string[] {
  return inForce > asked
    ? [`A ridge of ${inForce.toExponential(0)} stands in for ${asked}: the smallest that has one answer.`]
    : []
}

type GramWith<F extends Factor> = {
  /** `[e, e]`. */
  matrix: Dense
  trace: number
  /** The factor of `G + λ·tr(G)/e·I`; the last few are kept. */
  factor: (ridge: number) => Promise<RidgeFactor<F>>
}

/** Summed in float64, so that its factor solves. */
export type ExactGram = GramWith<Factor<Dense>> & { exact: true }
/** The same, or summed in float32, whose factor only preconditions. */
export type Gram = ExactGram | (GramWith<Factor> & { exact: false })

/** Factors kept per Gram matrix: each is twice as large as the matrix. */
const factorsKept = 4

function withFactors<F extends Factor>(
  matrix: Dense,
  factorised: (shift: number) => Promise<F | null>
): GramWith<F> {
  let trace = 0
  for (let i = 0; i < matrix.rows; i++) trace += matrix.data[i * matrix.rows + i]
  const factors = new Map<number, Promise<RidgeFactor<F>>>()
  const factor = (ridge: number): Promise<RidgeFactor<F>> => {
    const known = factors.get(ridge)
    if (known !== undefined) return known
    const finding = factoriseWithFloor(factorised, trace / matrix.rows, ridge)
    factors.set(ridge, finding)
    // A Map keeps the order of insertion: the first key is the oldest.
    for (const oldest of factors.keys()) if (factors.size > factorsKept) factors.delete(oldest)
    return finding
  }
  return { matrix, trace, factor }
}

/** The Gram matrix of the anchors in float64. */
export async function exactGram(unit: UnitAnchors): Promise<ExactGram> {
  const matrix = await gramMatrix(unit, 'float64', 'cpu')
  return { ...withFactors(matrix, (shift) => factorise(matrix, shift)), exact: true }
}

/**
 * The Gram matrix of the anchors in float32 on the device, good enough to precondition with; where float32 can't tell
 * it from a singular one, the one that `exactly` gives.
 */
export async function deviceGram(
  unit: UnitAnchors,
  device: Provider,
  exactly: () => Promise<Gram> = () => exactGram(unit)
): Promise<Gram> {
  return await preconditioner(await gramMatrix(unit, 'float32', device), exactly)
}

/** What {@link deviceGram} gives, and the Gram matrices under masks that each keep a part of the anchors. */
export type MaskedGrams = {
  gram: Gram
  /** `Âᵀ M Â` in float32 for each mask, `[e, e]`. */
  each: Matrix[]
}

/** Both from one product of the anchors, or a few where there are many masks. @param masks each `[k]` */
export async function maskedGrams(
  unit: UnitAnchors,
  masks: readonly Uint8Array[],
  device: Provider,
  exactly: () => Promise<Gram>
): Promise<MaskedGrams> {
  const { all, each } = await maskedGramMatrices(unit, masks, device)
  return { gram: await preconditioner(all, exactly), each }
}

async function preconditioner(single: Dense, exactly: () => Promise<Gram>): Promise<Gram> {
  const matrix = toMatrix(single)
  // Where float32 can't factorise what it summed, float64 often can.
  const factorised = async (shift: number): Promise<Factor | null> =>
    (await factoriseInSingle(matrix, shift)) ?? (await factorise(single, shift))
  const gram = { ...withFactors(single, factorised), exact: false } as const
  return (await gram.factor(0)).ridge > 0 ? await exactly() : gram
}

async function factoriseWithFloor<F extends Factor>(
  factorised: (shift: number) => Promise<F | null>,
  unitShift: number,
  asked: number
): Promise<RidgeFactor<F>> {
  let ridge = asked
  for (;;) {
    const factor = await factorised(ridge * unitShift)
    if (factor !== null) return { factor, ridge }
    ridge = Math.max(ridgeFloor, 10 * ridge)
  }
}
