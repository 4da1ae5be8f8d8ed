/** What the numbers of a prompt themselves show to be wrong, or worth a warning. */
import { type Matrix, requireFinite, row } from '#engine/common/contract/matrix.ts'

/**
 * Root mean square above which a vector counts as exploded. Embedding tables lie between 0.02 (GPT-2) and
 * some 25 (T5); trained prompts stay within a few times that.
 */
const explodedRootMeanSquare = 100

function rootMeanSquare(vector: Float32Array): number {
  let sum = 0
  for (const value of vector) sum += value * value
  return Math.sqrt(sum / vector.length)
}

function nameRows(rows: number[]): string {
  const shown = rows.slice(0, 5).join(', ')
  return `${rows.length === 1 ? 'Row' : 'Rows'} ${shown}${rows.length > 5 ? `, … (${rows.length} rows)` : ''}`
}

/**
 * Refuses values that are not finite by row and column, and says what is odd of the rest.
 * @returns warnings for a person: rows of zeros, exploded rows.
 */
export function checkVectors(vectors: Matrix, name: string): string[] {
  requireFinite(vectors, name)
  const sizes = Array.from({ length: vectors.rows }, (_, index) => rootMeanSquare(row(vectors, index)))
  const indices = sizes.map((_, index) => index)
  const zero = indices.filter((index) => sizes[index] === 0)
  const exploded = indices.filter((index) => sizes[index] > explodedRootMeanSquare)
  const warnings: string[] = []
  if (zero.length > 0) {
    warnings.push(`${nameRows(zero)}: all zeros, which have no direction and can't be transferred.`)
  }
  if (exploded.length > 0) {
    const largest = Math.max(...sizes) * Math.sqrt(vectors.columns)
    warnings.push(
      `${nameRows(exploded)}: exploded values (norms up to ${largest.toExponential(1)}): training probably diverged.`
    )
  }
  return warnings
}
