/**
 * How far one mean is above another, told at any time while examples are drawn without replacement: the betting
 * confidence sequence of Waudby-Smith and Ramdas (2024, section 5), one-sided, a block of examples at a time. Whoever says
 * that the mean of all N differences is at most `c` plays a game in which the wealth against him grows by
 * `1 + λw(d − m)` with each example, where `m` is what the mean of the examples not drawn before the block would be, and
 * `w` is one over the chance that the example had of being drawn, times any constant (Shekhar and others 2023).
 * Where he is right the wealth exceeds `1/α` at some time with a chance of at most α (Ville 1939). Nothing is
 * approximate, and once all N are drawn nothing is uncertain.
 *
 * Blocks may be stratified, each draw of a block by itself: a product of means is never above the mean's power.
 */

/** Paired differences of two methods in the order drawn. */
export type DrawnDifferences = {
  /** From −1 to 1. */
  readonly differences: ArrayLike<number>
  /** Inversely proportional within a block to the chance of being drawn; the largest of a block is known before it is drawn. */
  readonly weights: ArrayLike<number>
  /** `ends[b]` of them were there after block b. */
  readonly ends: readonly number[]
}

/** Shares λ of the wealth. None is best for rare and for frequent differences alike: each gets as much to begin with. */
const stakes = [0.02, 0.05, 0.1, 0.2, 0.4, 0.8]

/** No more than this of what could be lost is staked, so that the wealth stays above zero. */
const largestShare = 0.95

/** Room for the rounding of sums. */
const rounding = 1e-9

function logMean(logs: Float64Array): number {
  const highest = Math.max(...logs)
  return highest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - highest), 0) / logs.length)
}

/**
 * Whether the mean of all N differences is above `c`, wrong with a chance of at most `alpha` at whatever time it is asked.
 * @param total N
 */
export function isAbove(
  { differences, weights, ends }: DrawnDifferences,
  total: number,
  c: number,
  alpha: number
): boolean {
  const logs = new Float64Array(stakes.length)
  let [sum, drawn] = [0, 0]
  for (const end of ends) {
    const mean = Math.min(1, (total * c - sum) / (total - drawn))
    let heaviest = 0
    for (let at = drawn; at < end; at++) heaviest = Math.max(heaviest, weights[at])
    const shares = stakes.map((stake) => Math.min(stake, largestShare / (heaviest * (1 + mean))))
    for (; drawn < end; drawn++) {
      const won = weights[drawn] * (differences[drawn] - mean)
      for (const [at, share] of shares.entries()) logs[at] += Math.log1p(share * won)
      sum += differences[drawn]
    }
    // Not even if all that are left were lost would the mean be as low as c.
    if (sum - (total - drawn) > total * c + rounding) return true
    if (logMean(logs) >= -Math.log(alpha)) return true
  }
  return false
}

/** Halvings of the interval that a bound is sought in: to a thousandth of a point. */
const halvings = 17

/**
 * The highest `c` that the mean of all N differences is above, by `isAbove`: the lower end of its one-sided confidence
 * interval, from −1 to 1.
 */
export function lowerBound(drawn: DrawnDifferences, total: number, alpha: number): number {
  let [low, high] = [-1, 1]
  for (let halving = 0; halving < halvings; halving++) {
    const middle = (low + high) / 2
    if (isAbove(drawn, total, middle, alpha)) low = middle
    else high = middle
  }
  return low
}
