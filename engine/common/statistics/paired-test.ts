/**
 * McNemar's test of two methods on the same examples: of the examples that only one of them got right, is the share
 * of each what a fair coin would give? Where a method was asked with several seeds, an example's score is their mean.
 * The answers of seeds to one example are no independent observations, so the test is then the form of McNemar's for
 * clustered pairs (Durkalski et al. 2003), of which the plain one, by the normal distribution, is the case of one seed.
 */
import { binomialDistribution, errorFunction, sum } from 'simple-statistics'

export type PairedTest = {
  /** Examples that the first got right, or right more often, and not the second; and the other way round. */
  readonly firstBetter: number
  readonly secondBetter: number
  /** `clustered` where scores are means of several answers, `weighted` where examples don't count alike. */
  readonly kind: 'mcnemar' | 'clustered' | 'weighted'
  /** Two-sided, by the binomial distribution with a chance of one half; null but for McNemar's own. */
  readonly exact: number | null
  /**
   * Two-sided. McNemar's mid-p, where the outcome itself counts half and which is closer to its level than the exact p
   * (Fagerland, Lydersen and Laake 2013); for clustered scores by the normal distribution.
   */
  readonly p: number
}

/**
 * @param first `[n]` scores of the first method by example; @param second `[n]` of the second, in the same order.
 * @param places of the examples to look at; all where none are given
 * @throws RangeError where the lengths differ.
 */
export function pairedTest(
  first: readonly number[],
  second: readonly number[],
  places?: readonly number[]
): PairedTest {
  if (first.length !== second.length) {
    throw new RangeError(`pairs are needed, not ${first.length} and ${second.length} values`)
  }
  // Thousands of tests are made at once, of every relation in every set: nothing is copied for one.
  let [firstBetter, secondBetter, total, squares, isWhole] = [0, 0, 0, 0, true]
  const count = places === undefined ? first.length : places.length
  for (let index = 0; index < count; index++) {
    const at = places === undefined ? index : places[index]
    const difference = first[at] - second[at]
    if (difference > 0) firstBetter += 1
    else if (difference < 0) secondBetter += 1
    if (!Number.isInteger(difference)) isWhole = false
    total += difference
    squares += difference ** 2
  }
  return isWhole
    ? { firstBetter, secondBetter, kind: 'mcnemar', ...binomialTest(firstBetter, secondBetter) }
    : { firstBetter, secondBetter, kind: 'clustered', exact: null, p: clusteredTest(total, squares) }
}

/** Of few trials the distributions are kept: tests by relation ask for the same ones again and again. */
const fewTrials = 200
const fewChances = new Map<number, number[]>()

/** The chances of 0 to `trials` heads of a fair coin. */
function fairChances(trials: number): number[] {
  const chances = fewChances.get(trials) ?? binomialDistribution(trials, 0.5) ?? [1]
  if (trials <= fewTrials) fewChances.set(trials, chances)
  return chances
}

function binomialTest(one: number, other: number): { exact: number; p: number } {
  const trials = one + other
  if (trials === 0) return { exact: 1, p: 1 }
  const chances = fairChances(trials)
  const fewer = Math.min(one, other)
  const exact = Math.min(1, 2 * sum(chances.slice(0, fewer + 1)))
  return { exact, p: one === other ? 1 - chances[fewer] / 2 : exact - chances[fewer] }
}

/** By `z = Σd / √Σd²` over the differences of the clusters' means. */
function clusteredTest(total: number, squares: number): number {
  // Of the two tails the lower one, whose small chances are not lost beside one.
  return 1 + errorFunction(-Math.abs(total / Math.sqrt(squares)) / Math.SQRT2)
}
