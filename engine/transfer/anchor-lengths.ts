/** What is asked of anchors before anything is computed with them. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type Matrix, requireFinite } from '#engine/common/contract/matrix.ts'
import { rowLengths } from '#engine/linear-algebra/dense.ts'

/**
 * The lengths of anchors, `[k]`, found unless they are known.
 * @throws AnchorageError `bad-value` for NaN and infinities, and for an anchor of length zero, which has no
 * direction
 */
export function requireAnchors(
  anchors: Matrix,
  name: string,
  lengths: Float64Array = rowLengths(anchors)
): Float64Array {
  // Squares of float32 values can't overflow float64, so finite lengths say that every value is finite.
  if (!lengths.every(Number.isFinite)) requireFinite(anchors, name)
  const zero = lengths.indexOf(0)
  if (zero >= 0)
    throw new AnchorageError('bad-value', 'An anchor of length zero has no direction.', {
      where: `${name}, row ${zero}`,
      found: 'zeros only',
      expected: 'at least one value that is not zero',
      next: 'Leave this anchor out.'
    })
  return lengths
}

/** The rows that are zero throughout: anchors to leave out. */
export function zeroRows(anchors: Matrix): number[] {
  return [...rowLengths(anchors).entries()].filter(([, length]) => length === 0).map(([index]) => index)
}
