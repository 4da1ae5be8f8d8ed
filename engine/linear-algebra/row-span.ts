/**
 * The space that the rows of a matrix span, in their order: which row adds a direction to those before it. Gram–Schmidt in
 * float64, twice as what one pass leaves is not orthogonal enough (Giraud et al. 2005); blocks of rows meet the directions so
 * far in products by onnxruntime, and each other in plain loops.
 */
import { addScaled, type Dense, denseRow, denseRowLengths, denseRows, dot, unitRows, zeros } from './dense.ts'
import { doubleProducts } from './products.ts'

export type RowSpan = {
  /** Orthonormal, `[r, e]`, in the order in which they were added. */
  directions: Dense
  /** The row that added each, `[r]`, ascending. */
  addedBy: readonly number[]
}

/** Rows handled together. */
const blockSize = 64

/**
 * A row adds a direction where what the directions before leave of it is longer than this share of it. The values of a
 * table are float32: of what follows from others they leave some 1e-7.
 */
const independence = 1e-5

/** `R − (R Qᵀ) Q`: what directions leave of rows. */
async function leftBy(directions: Dense, rows: Dense): Promise<Dense> {
  if (directions.rows === 0) return rows
  const shares = await doubleProducts.timesTransposed(rows, directions)
  const within = await doubleProducts.times(shares, directions)
  return { ...rows, data: rows.data.map((value, at) => value - within.data[at]) }
}

/** Takes the directions from the first of a list on from a vector, twice, in place. */
function takeFrom(vector: Float64Array, directions: Dense, first: number): void {
  for (let pass = 0; pass < 2; pass++)
    for (let other = first; other < directions.rows; other++) {
      const direction = denseRow(directions, other)
      addScaled(vector, -dot(vector, direction), direction)
    }
}

export type SpannedRows = {
  readonly rows: number
  /** `e`. */
  readonly columns: number
  /** Those from `start` to `end`, `[end − start, e]`: not all are held in float64 at once. */
  readonly read: (start: number, end: number) => Dense
}

/**
 * Goes through the rows until they span all there is, or are at an end.
 * @param between is told, before each block, how many rows were looked at and how many directions were found
 */
export async function spanOfRows(
  { rows, columns: width, read }: SpannedRows,
  between: (looked: number, rank: number) => void
): Promise<RowSpan> {
  const all = zeros(width, width)
  const addedBy: number[] = []
  for (let start = 0; start < rows && addedBy.length < width; start += blockSize) {
    between(start, addedBy.length)
    const before = addedBy.length
    const known = denseRows(all, 0, before)
    const block = unitRows(read(start, Math.min(rows, start + blockSize)))
    const once = await leftBy(known, block)
    const left = await leftBy(known, once)
    const lengths = denseRowLengths(left)
    for (let i = 0; i < left.rows && addedBy.length < width; i++) {
      if (lengths[i] <= independence) continue
      const vector = denseRow(left, i)
      takeFrom(vector, denseRows(all, 0, addedBy.length), before)
      const length = Math.sqrt(dot(vector, vector))
      if (length <= independence) continue
      denseRow(all, addedBy.length).set(vector.map((value) => value / length))
      addedBy.push(start + i)
    }
  }
  return { directions: denseRows(all, 0, addedBy.length), addedBy }
}
