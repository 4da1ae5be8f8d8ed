/** The limits of colours and axes that show a measure. */

export type ValueRange = readonly [low: number, high: number]

/** A scale of matching is at least so long: a spread of a thousandth is to look like none. */
const leastMatchingRange = 0.1

/** All of accuracy, which means the same in every figure; of matching the part that there is. */
export function valueRange(values: readonly (number | null)[], measure: 'accuracy' | 'matching'): ValueRange {
  const known = values.filter((value) => value !== null)
  if (measure === 'accuracy' || known.length === 0) return [0, 1]
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const missing = Math.max(0, leastMatchingRange - (high - low)) / 2
  return [low - missing, high + missing]
}
