/** How the sets of a scope compare: gains over a reference set with tests, letters, contributions, what to try next. */
import { errorFunction } from 'simple-statistics'
import { additiveModel, type Prediction } from './additive-model.ts'
import {
  average,
  averageTest,
  averageVariance,
  bootstrapAverageInterval,
  normalAverageInterval,
  type Strata,
  scoreInterval,
  strataOf
} from './average.ts'
import type { Interval } from './bootstrap.ts'
import { shapleyValues } from './contribution.ts'
import { holmAdjusted } from './holm.ts'
import { compactLetters } from './letters.ts'
import { type PairedTest, pairedTest } from './paired-test.ts'

export type SourceSet = {
  /** Its sources by bits. */
  readonly set: number
  readonly members: readonly string[]
  /** `bert-small + roberta-small`, whatever the order they were transferred in. */
  readonly name: string
}

/** A set that was evaluated. */
export type ScoredSet = SourceSet & {
  /** `[N]`, the same examples for all sets, from 0 to 1; of several seeds or prompts the mean. */
  readonly scores: readonly number[]
  /** Micro or macro average of the scores, as what they are compared by. */
  readonly accuracy: number
}

export const setOrders = ['accuracy', 'size', 'gain'] as const
export type SetOrder = (typeof setOrders)[number]

/** Tests are said to hold below it. */
export const level = 0.05

/** Pairs of so many sets are still tested all with all. */
const letteredSets = 15

/** A gain is told from noise by the test, corrected for all sets that are shown. */
export type Gain = Interval & {
  /** Mean of the set's scores minus those of the reference. */
  readonly difference: number
  readonly test: PairedTest
  readonly adjusted: number
}

export type Comparison = {
  readonly interval: Interval
  /** Over the reference; null for the reference itself. */
  readonly gain: Gain | null
  /** Over its best member, in accuracy; null for a single source. */
  readonly overBest: number | null
  /** Sets that share one don't differ; empty where there are too many sets to test all pairs. */
  readonly letters: string
}

/**
 * Whether intervals of so many sets are bootstrapped rather than by the normal approximation: it would keep a person
 * waiting. Within relations a resample is drawn example by example, which takes longer.
 */
export function isBootstrapped(sets: number, strata: Strata): boolean {
  return sets <= (strata === null ? 31 : 7)
}

/**
 * The difference of two averages over the same examples, with its 95 % interval.
 * @param sets of how many such differences it is one: of many the interval is an approximation
 */
export function pairedGain(
  scores: readonly number[],
  base: readonly number[],
  sets: number,
  strata: Strata
): Interval & { readonly difference: number } {
  const differences = scores.map((score, at) => score - base[at])
  const interval = isBootstrapped(sets, strata) ? bootstrapAverageInterval : normalAverageInterval
  return { difference: average(differences, strata), ...interval(differences, strata) }
}

/** The single source with the highest accuracy, else the first set. */
export function bestSingle<T extends ScoredSet>(tried: readonly T[]): T | undefined {
  const singles = tried.filter(({ members }) => members.length === 1)
  return (singles.length === 0 ? [...tried] : singles).sort((a, b) => b.accuracy - a.accuracy)[0]
}

/** What a set gains over its best single member, of the single sources that were tried. */
function gainOverBest({ set, members, accuracy }: ScoredSet, singles: readonly ScoredSet[]): number | null {
  const own = singles.filter((single) => (single.set & set) !== 0)
  return members.length === 1 || own.length === 0
    ? null
    : accuracy - Math.max(...own.map((single) => single.accuracy))
}

function lettersOf(tried: readonly ScoredSet[], strata: Strata): string[] {
  if (tried.length > letteredSets) return tried.map(() => '')
  const pairs = tried.flatMap((_, one) => tried.slice(one + 1).map((_, at) => [one, one + 1 + at] as const))
  const tests = pairs.map(([one, other]) => averageTest(tried[one].scores, tried[other].scores, strata).p)
  const differing = new Set<string>()
  for (const [index, p] of holmAdjusted(tests).entries()) if (p < level) differing.add(pairs[index].join())
  return compactLetters(tried.length, (one, other) => differing.has(`${one},${other}`))
}

/** Sets in the order asked for. */
export function orderSets<T extends ScoredSet & Comparison>(sets: readonly T[], order: SetOrder): T[] {
  const key = ({ accuracy, overBest }: T): number =>
    order === 'gain' ? (overBest ?? Number.NEGATIVE_INFINITY) : accuracy
  const size = (a: T, b: T): number => (order === 'size' ? a.members.length - b.members.length : 0)
  return sets.toSorted((a, b) => size(a, b) || key(b) - key(a) || a.set - b.set)
}

/**
 * Every set beside the reference, the highest accuracy first.
 * @param tried with at least one example
 * @param strata what the accuracy of the sets is an average over
 */
export function compareSets<T extends ScoredSet>(
  tried: readonly T[],
  reference: ScoredSet,
  strata: Strata
): (T & Comparison)[] {
  const ranked = tried.toSorted((a, b) => b.accuracy - a.accuracy)
  const letters = lettersOf(ranked, strata)
  const others = ranked.filter(({ set }) => set !== reference.set)
  const tests = others.map(({ scores }) => averageTest(scores, reference.scores, strata))
  const adjusted = holmAdjusted(tests.map(({ p }) => p))
  const gains = new Map(
    others.map(({ set, scores }, at): [number, Gain] => [
      set,
      {
        ...pairedGain(scores, reference.scores, tried.length, strata),
        test: tests[at],
        adjusted: adjusted[at]
      }
    ])
  )
  const singles = tried.filter(({ members }) => members.length === 1)
  return ranked.map((one, at) => ({
    ...one,
    interval: scoreInterval(one.scores, strata, !isBootstrapped(tried.length, strata)),
    gain: gains.get(one.set) ?? null,
    overBest: gainOverBest(one, singles),
    letters: letters[at]
  }))
}

export type Contribution = {
  readonly source: string
  /** Shapley value: the contributions add up to the accuracy of all sources together. */
  readonly value: number
  readonly interval: Interval
}

/**
 * The Shapley value of every source, with its bootstrap interval over examples; null where a set was not tried. No
 * source at all is worth nothing.
 * @param tried with at least one example
 */
export function contributions(
  sources: readonly string[],
  tried: readonly ScoredSet[],
  strata: Strata
): Contribution[] | null {
  if (tried.length < 2 ** sources.length - 1) return null
  const bySet = tried.toSorted((a, b) => a.set - b.set)
  // Shapley values are linear: those of the accuracy are the mean of those of each example.
  const none = new Float64Array(bySet[0].scores.length)
  const byExample = shapleyValues([none, ...bySet.map(({ scores }) => scores)])
  return sources.map((source, index) => {
    const values = Array.from(byExample[index])
    return { source, value: average(values, strata), interval: normalAverageInterval(values, strata) }
  })
}

export type RelationDifference = {
  readonly relation: string
  /** N of the relation. */
  readonly count: number
  /** `[sets]`: accuracy, its difference to the reference, and whether that may be noise. */
  readonly cells: readonly {
    readonly accuracy: number
    readonly difference: number
    readonly isNoise: boolean
  }[]
}

/**
 * Relation by relation beside the reference; single tests, not corrected for their number.
 * @param relationOf `[N]` the relation of each example
 */
export function relationDifferences(
  relations: readonly string[],
  relationOf: readonly string[],
  sets: readonly ScoredSet[],
  reference: ScoredSet
): RelationDifference[] {
  const placesOf = new Map(strataOf(relationOf).map((places) => [relationOf[places[0]], places]))
  return relations.map((relation) => {
    const places = placesOf.get(relation) ?? []
    const accuracyOf = ({ scores }: ScoredSet): number =>
      places.length === 0 ? 0 : average(scores, [places])
    const base = accuracyOf(reference)
    return {
      relation,
      count: places.length,
      cells: sets.map((one) => {
        const accuracy = accuracyOf(one)
        const { p } = pairedTest(one.scores, reference.scores, places)
        return { accuracy, difference: accuracy - base, isNoise: p >= level }
      })
    }
  })
}

export type Suggestion = Prediction & {
  /** The chance that it beats the best set that was tried. */
  readonly beatsBest: number
}

/** Chance that a normal variable is above zero. */
function chanceAbove(mean: number, standardDeviation: number): number {
  return (1 + errorFunction(mean / standardDeviation / Math.SQRT2)) / 2
}

/**
 * Sets that were not tried, the likeliest to beat the best one first.
 * @param sources S
 * @param tried with at least two examples
 */
export function suggestSets<T extends SourceSet>(
  sources: number,
  tried: readonly ScoredSet[],
  untried: readonly T[],
  strata: Strata
): (T & Suggestion)[] {
  const predict = additiveModel(
    tried.map(({ set, accuracy, scores }) => ({
      set,
      accuracy,
      variance: averageVariance(scores, strata)
    })),
    sources
  )
  const best = Math.max(...tried.map(({ accuracy }) => accuracy))
  return untried
    .map((one) => {
      const { mean, standardDeviation } = predict(one.set)
      return { ...one, mean, standardDeviation, beatsBest: chanceAbove(mean - best, standardDeviation) }
    })
    .sort((a, b) => b.beatsBest - a.beatsBest)
}

export type Fates = {
  /** Places of examples in the order of the combination. */
  readonly bothRight: readonly number[]
  /** Right in the set, wrong in the reference, or the other way round. */
  readonly gained: readonly number[]
  readonly lost: readonly number[]
  /** Right in the set though wrong in every member alone; wrong though right in one of them. */
  readonly rescued: readonly number[]
  readonly broken: readonly number[]
}

/** What became of the examples in a set: an answer counts as right where it is so with at least half of the seeds. */
export function fatesOf(one: ScoredSet, reference: ScoredSet, tried: readonly ScoredSet[]): Fates {
  const members = tried.filter(({ set, members }) => members.length === 1 && (set & one.set) !== 0)
  const isMixed = one.members.length > 1 && members.length === one.members.length
  const isRight = ({ scores }: ScoredSet, at: number): boolean => scores[at] >= 0.5
  const pick = (test: (at: number) => boolean): number[] =>
    one.scores.flatMap((_, at) => (test(at) ? [at] : []))
  return {
    bothRight: pick((at) => isRight(one, at) && isRight(reference, at)),
    gained: pick((at) => isRight(one, at) && !isRight(reference, at)),
    lost: pick((at) => !isRight(one, at) && isRight(reference, at)),
    rescued: pick((at) => isMixed && isRight(one, at) && !members.some((single) => isRight(single, at))),
    broken: pick((at) => isMixed && !isRight(one, at) && members.some((single) => isRight(single, at)))
  }
}

/** A set by its name among those that were tried. */
export function findSet<T extends SourceSet>(sets: readonly T[], name: string | null): T | undefined {
  return sets.find((one) => one.name === name)
}
