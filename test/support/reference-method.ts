/**
 * The whole method once more, in plain float64 loops straight from the equations: what the engine's is
 * compared with. Slow, short, and without anything of the engine's own numerics.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'

export type Rows = number[][]

export const toRows = ({ rows, columns, data }: Matrix): Rows =>
  Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)])

export const dotProduct = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0)
export const unit = (a: number[]): number[] => {
  const length = Math.sqrt(dotProduct(a, a))
  return a.map((x) => x / length)
}
export const cosine = (a: number[], b: number[]): number => dotProduct(unit(a), unit(b))

/** Eq. 3: the cosines of every vector with every anchor. */
export const encodeRows = (vectors: Rows, anchors: Rows): Rows => {
  const units = anchors.map(unit)
  return vectors.map(unit).map((vector) => units.map((anchor) => dotProduct(vector, anchor)))
}

/** The `k` anchors with the highest scores, as 0 and 1. */
export function topMask(scores: number[], k: number): number[] {
  const order = scores.map((_, j) => j).sort((a, b) => scores[b] - scores[a] || a - b)
  const kept = new Set(order.slice(0, k))
  return scores.map((_, j) => (kept.has(j) ? 1 : 0))
}

/** The scores that masks are chosen by: per vector, the sum over sources of unit codes. */
export function sumOfUnitCodes(codes: Rows[], i: number): number[] {
  const units = codes.map((code) => unit(code[i]))
  return units[0].map((_, j) => units.reduce((sum, one) => sum + one[j], 0))
}

/** Eq. 5/7 with weights: `Σ_j w_j cos(M r_j, M Â v)`. */
export function matchingOf(codes: number[][], weights: number[], mask: number[], anchors: Rows, v: number[]) {
  const masked = (code: number[]): number[] => code.map((value, j) => value * mask[j])
  const target = masked(anchors.map((anchor) => cosine(v, anchor)))
  return codes.reduce((sum, code, j) => sum + weights[j] * cosine(masked(code), target), 0)
}

/** Gaussian elimination with pivots: `x` of `A x = b`. */
export function solve(matrix: Rows, right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]])
  const size = rows.length
  for (let i = 0; i < size; i++) {
    let pivot = i
    for (let r = i; r < size; r++) if (Math.abs(rows[r][i]) > Math.abs(rows[pivot][i])) pivot = r
    ;[rows[i], rows[pivot]] = [rows[pivot], rows[i]]
    for (let r = i + 1; r < size; r++) {
      const factor = rows[r][i] / rows[i][i]
      for (let c = i; c <= size; c++) rows[r][c] -= factor * rows[i][c]
    }
  }
  const x = new Array<number>(size).fill(0)
  for (let i = size - 1; i >= 0; i--) {
    const known = x.reduce((sum, value, j) => (j > i ? sum + rows[i][j] * value : sum), 0)
    x[i] = (rows[i][size] - known) / rows[i][i]
  }
  return x
}

/** `(G + λ·tr(G)/e·I)⁻¹ Âᵀ M c` at length 1, with `c = Σ_j w_j · M r_j / |M r_j|`. */
export function optimumOf(
  codes: number[][],
  weights: number[],
  mask: number[],
  anchors: Rows,
  ridge: number
): number[] {
  const kept = anchors.map(unit).filter((_, j) => mask[j] === 1)
  const combined = codes
    .map((code) => unit(code.filter((_, j) => mask[j] === 1)))
    .reduce(
      (sum, code, s) => sum.map((value, j) => value + weights[s] * code[j]),
      new Array(kept.length).fill(0)
    )
  const width = anchors[0].length
  const gram = Array.from({ length: width }, (_, a) =>
    Array.from({ length: width }, (_, b) => kept.reduce((sum, row) => sum + row[a] * row[b], 0))
  )
  for (let a = 0; a < width; a++) gram[a][a] += (ridge * kept.length) / width
  const right = Array.from({ length: width }, (_, a) =>
    kept.reduce((sum, row, j) => sum + row[a] * combined[j], 0)
  )
  return unit(solve(gram, right))
}

/** Eq. 6 over all values of a prompt, with population statistics. */
export function rescaleRows(found: Rows, mean: number, standardDeviation: number): Rows {
  const values = found.flat()
  const own = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - own) ** 2, 0) / values.length)
  return found.map((row) => row.map((value) => ((value - own) / spread) * standardDeviation + mean))
}
