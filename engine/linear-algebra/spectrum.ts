/** How far the anchors span the target's space: condition number and effective rank of their Gram matrix. */
import { EigenvalueDecomposition, Matrix as SmallMatrix } from 'ml-matrix'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { addScaled, type Dense, dot, toMatrix } from './dense.ts'
import type { Gram } from './gram.ts'
import { singleProducts } from './products.ts'

export type Spectrum = {
  /** Largest over smallest eigenvalue; null where the anchors are rank deficient. */
  condition: number | null
  /** The participation ratio `(tr G)²/tr(G²)`: how many directions would carry the same spread evenly. */
  effectiveRank: number
}

/** An eigenvalue is found when so many more steps change it by less than this share: figures for a person. */
const [stepsBetweenChecks, precision] = [5, 1e-3]

const known = new WeakMap<Gram, Spectrum>()

/** `(tr G)²/tr(G²)` of a symmetric matrix, the effective rank; 0 of one that is zero. */
export function participationRatio({ rows, data }: Dense): number {
  let trace = 0
  for (let i = 0; i < rows; i++) trace += data[i * rows + i]
  const squares = dot(data, data)
  return squares === 0 ? 0 : trace ** 2 / squares
}

/** Condition and effective rank; found once per Gram matrix. */
export async function spectrumOf(gram: Gram): Promise<Spectrum> {
  const spectrum = known.get(gram) ?? (await findSpectrum(gram))
  known.set(gram, spectrum)
  return spectrum
}

/**
 * The condition comes from the ends of two Lanczos runs, on `G` and on its inverse; by products in float32, whose errors are
 * beside the largest eigenvalue, the one that is looked for, of float32's precision.
 */
async function findSpectrum(gram: Gram): Promise<Spectrum> {
  const { matrix } = gram
  const effectiveRank = participationRatio(matrix)
  const { factor, ridge } = await gram.factor(0)
  if (ridge > 0) return { condition: null, effectiveRank }
  const single = toMatrix(matrix)
  const largest = await largestEigenvalue(matrix.rows, (vector) => times(vector, single))
  const inverse = toMatrix(factor.inverse)
  const largestOfInverse = await largestEigenvalue(matrix.rows, async (vector) =>
    times(await timesTransposed(vector, inverse), inverse)
  )
  return { condition: largest * largestOfInverse, effectiveRank }
}

const { times, timesTransposed } = singleProducts('cpu')

/**
 * The largest eigenvalue of a symmetric operator on one vector: Lanczos with full reorthogonalisation, until it no
 * longer grows.
 */
async function largestEigenvalue(size: number, apply: (vector: Matrix) => Promise<Matrix>): Promise<number> {
  const basis: Float64Array[] = []
  const diagonal: number[] = []
  const beside: number[] = []
  let next: Float64Array = Float64Array.from(seededNormal(0, size, 0, 1))
  let length = Math.sqrt(dot(next, next))
  let found = 0
  while (basis.length < size) {
    const current = next.map((value) => value / length)
    basis.push(current)
    next = Float64Array.from((await apply({ rows: 1, columns: size, data: Float32Array.from(current) })).data)
    diagonal.push(dot(next, current))
    for (const vector of basis) addScaled(next, -dot(next, vector), vector)
    length = Math.sqrt(dot(next, next))
    beside.push(length)
    if (basis.length % stepsBetweenChecks !== 0) continue
    const larger = largestOfTridiagonal(diagonal, beside)
    if (larger - found <= precision * larger) return larger
    found = larger
  }
  return largestOfTridiagonal(diagonal, beside)
}

/** Of the symmetric matrix with this diagonal, and `beside` next to it. */
function largestOfTridiagonal(diagonal: readonly number[], beside: readonly number[]): number {
  const count = diagonal.length
  const matrix = SmallMatrix.zeros(count, count)
  for (let i = 0; i < count; i++) {
    matrix.set(i, i, diagonal[i])
    if (i + 1 === count) continue
    matrix.set(i, i + 1, beside[i])
    matrix.set(i + 1, i, beside[i])
  }
  return Math.max(...new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues)
}
