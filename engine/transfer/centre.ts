/**
 * Centring: the mean of the anchors, `ā = (1/k) Σ_j a_j`, taken from the anchors and, on the source's side, from the
 * prompt before Eq. 3. Tables of real models have a strong common direction, which every cosine sees otherwise (Mu and
 * Viswanath 2018, "All-but-the-Top"); what is left of the codes is what tells words apart. Of several sources each is
 * centred by its own mean, so that the sum over sources stays one of unit codes:
 *
 *     r_j = cos(v_j − ā_j, a_ij − ā_j)   per source j,      v* = ā_t + s·x*,
 *
 * with `x*` the answer of the search among `a_it − ā_t`, and `s` of `finishInPlace`.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { meanRowLength } from '#engine/common/mixing/rescale.ts'

/** The target's side: what is put back, `ā_t [e]`, and the mean length of the anchors less it. */
export type TargetCentre = { mean: Float64Array<ArrayBuffer>; meanLength: number }

/** The mean of the rows of `matrix [k, d]`, in float64: `[d]`. */
export function meanRow(matrix: Matrix): Float64Array<ArrayBuffer> {
  const sum = new Float64Array(matrix.columns)
  addRows(sum, matrix)
  return sum.map((value) => value / matrix.rows)
}

/** Adds every row of `matrix [k, d]` to `sum [d]`, in their order. */
export function addRows(sum: Float64Array, { columns, data }: Matrix): void {
  for (let start = 0; start < data.length; start += columns)
    for (let j = 0; j < columns; j++) sum[j] += data[start + j]
}

/** Every row of `matrix [n, d]` less `mean [d]`: a copy. */
export function lessMean({ rows, columns, data }: Matrix, mean: Float64Array): Matrix {
  const left = new Float32Array(data.length)
  for (let start = 0; start < data.length; start += columns)
    for (let j = 0; j < columns; j++) left[start + j] = data[start + j] - mean[j]
  return { rows, columns, data: left }
}

/** The target's anchors `[k, e]` less their mean, and that mean. */
export function centreTarget(anchors: Matrix): { anchors: Matrix; centre: TargetCentre } {
  const mean = meanRow(anchors)
  const centred = lessMean(anchors, mean)
  return { anchors: centred, centre: { mean, meanLength: meanRowLength(centred.data, centred.columns) } }
}
