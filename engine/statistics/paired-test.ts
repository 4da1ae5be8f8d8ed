/**
 * McNemar's test of two methods on the same examples: of the examples that one of them got better than the other,
 * is the share of each what a fair coin would give? Where a method was asked with several seeds, an example's score
 * is their mean; an example counts for whose score is higher (the sign test, of which McNemar's is the case of one
 * seed), since the answers of seeds to one example are no independent observations.
 */
import { binomialDistribution, sum } from 'simple-statistics'

export type PairedTest = {
  /** Examples that only the first got right, or got better. */
  readonly onlyFirst: number
  readonly onlySecond: number
  /** Two-sided, by the binomial distribution of `onlyFirst` with a chance of one half. */
  readonly exact: number
  /** Lancaster's mid-p: the outcome itself counts half; closer to its level (Fagerland, Lydersen and Laake 2013). */
  readonly midP: number
}

/**
 * @param first `[n]` scores of the first method by example; @param second `[n]` of the second, in the same order.
 * @throws RangeError where the lengths differ.
 */
export function pairedTest(first: readonly number[], second: readonly number[]): PairedTest {
  if (first.length !== second.length) {
    throw new RangeError(`pairs are needed, not ${first.length} and ${second.length} values`)
  }
  let [onlyFirst, onlySecond] = [0, 0]
  for (const [index, score] of first.entries()) {
    const other = second[index] ?? 0
    if (score > other) onlyFirst++
    if (score < other) onlySecond++
  }
  return { onlyFirst, onlySecond, ...binomialTest(onlyFirst, onlySecond) }
}

function binomialTest(one: number, other: number): { exact: number; midP: number } {
  const trials = one + other
  const chances = trials === 0 ? undefined : binomialDistribution(trials, 0.5)
  if (chances === undefined) return { exact: 1, midP: 1 }
  const fewer = Math.min(one, other)
  const tail = sum(chances.slice(0, fewer + 1))
  const exact = Math.min(1, 2 * tail)
  return { exact, midP: one === other ? 1 - (chances[fewer] ?? 0) / 2 : exact - (chances[fewer] ?? 0) }
}
