/** Comparisons of computed with reference values, as rows of the table that `verify` prints. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { VerifyRow } from '#engine/common/contract/verify.ts'

/** A row for one comparison; a difference that is no number never agrees. */
export function verifyRow(what: string, largestDifference: number, tolerance: number): VerifyRow {
  return {
    what,
    largestDifference: Number.isFinite(largestDifference) ? largestDifference : null,
    tolerance,
    agrees: largestDifference <= tolerance
  }
}

/** The largest absolute difference of two lists of one length; infinite where a difference is not a number. */
export function largestDifference(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>
): number {
  if (actual.length !== expected.length)
    throw new AnchorageError(
      'mismatch',
      'The reference has another number of values than the engine computes.',
      {
        where: what,
        found: `${expected.length} in the reference`,
        expected: `${actual.length}`
      }
    )
  let largest = 0
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i] - expected[i])
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY
    largest = Math.max(largest, difference)
  }
  return largest
}

/** The largest absolute value of a list, or 1 where all are 0: what differences are relative to. */
export function largestOf(values: Float32Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1
}
