/** The mixtures of a set of sources over all relations of a scope: how those that were run do, and which are missing. */

import { divisions, lowestTerms } from '#engine/common/mixing/weight-grid.ts'
import { average, type Strata, strataOf } from '#engine/common/statistics/average.ts'
import type { Interval } from '#engine/common/statistics/bootstrap.ts'
import { crossFit } from '#engine/common/statistics/cross-fit.ts'
import { pairedGain } from '#engine/common/statistics/set-comparison.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { sharesOf, type Weights } from '#renderer/mix/mixture-points.ts'
import type { Metric } from '../combinations-view.ts'
import { type Answers, askedIn, commonOf, isAskedAll, scoresOn } from '../source-sets.ts'

export type Mixture = {
  /** Of each member, adding up to 1. */
  readonly shares: Weights
  /** `[N]`, the same examples for all mixtures. */
  readonly scores: readonly number[]
  readonly accuracy: number
  /** 95 % interval of its difference to equal weights, laid around their accuracy; null for these themselves. */
  readonly interval: Interval | null
}

/** What choosing weights by the examples is worth on others, in accuracy against equal weights. */
export type Worth = Interval & { readonly difference: number }

export type RelationChoice = {
  readonly relation: string
  /** N. */
  readonly count: number
  /** With the highest accuracy; equal weights where they are as good. */
  readonly best: Weights
  readonly accuracy: number
  readonly equal: number
}

export type WeightedSet = {
  readonly mixtures: readonly Mixture[]
  /** Whole weights of the members. */
  readonly missing: readonly (readonly number[])[]
  /** N. */
  readonly examples: number
  /** Null where equal weights, or nothing else, were run. */
  readonly choice: {
    /** One choice of weights for all relations; drawn when it is asked for, which takes some 50 ms. */
    readonly once: () => Worth
    /** One for each. */
    readonly perRelation: () => Worth
    readonly relations: readonly RelationChoice[]
  } | null
}

/** Steps that a weight is divided in, by the number of sources. */
const steps: Readonly<Record<number, number>> = { 2: 10, 3: 6 }
/** Of more sources a profile of each is shown: its weight in so many steps, the others alike. */
const profileSteps = 8

function keyOf(shares: Weights): string {
  return shares.map((share) => share.toFixed(3)).join(' ')
}

function profiles(sources: number): number[][] {
  const every = Array.from({ length: sources }, (_, index) => index)
  return Array.from({ length: profileSteps + 1 }, (_, step) =>
    every.map((source) =>
      every.map((other) => (other === source ? step * (sources - 1) : profileSteps - step))
    )
  ).flat()
}

/** The mixtures to look at, by whole weights: a line, a triangle, or the profile of each source. */
export function wantedMixtures(sources: number): number[][] {
  const parts = steps[sources]
  const wanted = parts === undefined ? profiles(sources) : divisions(parts, sources)
  const all = [new Array<number>(sources).fill(1), ...wanted].map(lowestTerms)
  return [...new Map(all.map((weights) => [weights.join(), weights])).values()]
}

const sourcesOfRuns = new WeakMap<RunEntry, string>()

/** The sources of a run with their weights, as a key: of thousands of runs it is made once. */
function sourcesKey(run: RunEntry): string {
  const known = sourcesOfRuns.get(run)
  if (known !== undefined) return known
  const key = JSON.stringify(run.sources.map(({ model, weight }) => [model, weight]))
  sourcesOfRuns.set(run, key)
  return key
}

/** The shares of the members in a run; null where it has another source. */
function sharesIn({ sources }: RunEntry, members: readonly string[]): number[] | null {
  const total = sources.reduce((sum, { weight }) => sum + weight, 0)
  const shares = members.map((member) => (sources.find(({ model }) => model === member)?.weight ?? 0) / total)
  const held = shares.filter((share) => share > 0).length
  return held === sources.length ? shares : null
}

type RunsOfMixture = { readonly shares: Weights; readonly runs: RunEntry[] }

function byMixture(
  runs: readonly RunEntry[],
  members: readonly string[],
  relations: readonly string[]
): Map<string, RunsOfMixture> {
  const wanted = new Set(relations)
  const groups = new Map<string, RunsOfMixture>()
  const groupOf = (run: RunEntry): RunsOfMixture | null => {
    const shares = sharesIn(run, members)
    if (shares === null) return null
    const group = groups.get(keyOf(shares)) ?? { shares, runs: [] }
    groups.set(keyOf(shares), group)
    return group
  }
  const bySources = new Map<string, RunsOfMixture | null>()
  for (const run of runs) {
    if (!wanted.has(run.relation ?? '')) continue
    const key = sourcesKey(run)
    const group = bySources.has(key) ? bySources.get(key) : groupOf(run)
    bySources.set(key, group ?? null)
    group?.runs.push(run)
  }
  return groups
}

/** The runs of a set's mixtures that were run on all relations: what is still in the queue changes nothing. */
export function runsOfMixtures(
  all: readonly RunEntry[],
  members: readonly string[],
  relations: readonly string[]
): RunEntry[] {
  return [...byMixture(all, members, relations).values()].flatMap(({ runs }) =>
    new Set(runs.map(({ relation }) => relation)).size === relations.length ? runs : []
  )
}

/**
 * @param runs of the mixtures of `members`
 * @param strata whether accuracies are macro averages
 */
export function weightedSet(
  runs: readonly RunEntry[],
  members: readonly string[],
  relations: readonly string[],
  answers: Answers,
  metric: Metric,
  isMacro: boolean
): WeightedSet {
  const asked = [...byMixture(runs, members, relations).values()]
    .map(({ shares, runs: own }) => ({ shares, ...askedIn(keyOf(shares), own, answers, metric) }))
    .filter((one) => isAskedAll(one, relations))
  const common = commonOf(asked, relations)
  const relationOf = common.flatMap(([relation, examples]) => examples.map(() => relation))
  const byRelation = strataOf(relationOf)
  const strata: Strata = isMacro ? byRelation : null
  const missing = wantedMixtures(members.length).filter(
    (weights) => !asked.some(({ name }) => name === keyOf(sharesOf(weights)))
  )
  if (relationOf.length < 2) return { mixtures: [], missing, examples: relationOf.length, choice: null }
  const equalKey = keyOf(members.map(() => 1 / members.length))
  const scored = asked.map((one) => ({ shares: one.shares, name: one.name, scores: scoresOn(one, common) }))
  const equal = scored.find(({ name }) => name === equalKey)
  const mixtures = scored.map(({ shares, scores }): Mixture => {
    const accuracy = average(scores, strata)
    if (equal === undefined || equal.scores === scores) return { shares, scores, accuracy, interval: null }
    const { difference, low, high } = pairedGain(scores, equal.scores, scored.length, strata)
    const base = accuracy - difference
    return { shares, scores, accuracy, interval: { low: base + low, high: base + high } }
  })
  return {
    mixtures,
    missing,
    examples: relationOf.length,
    choice:
      equal === undefined || mixtures.length < 2
        ? null
        : choiceOf(mixtures, scored.indexOf(equal), byRelation, strata, relationOf)
  }
}

function choiceOf(
  mixtures: readonly Mixture[],
  equal: number,
  byRelation: readonly (readonly number[])[],
  strata: Strata,
  relationOf: readonly string[]
): WeightedSet['choice'] {
  const all = mixtures.map(({ scores }) => scores)
  const base = all[equal] ?? []
  const places = base.map((_, at) => at)
  const worth = (scores: readonly number[]): Worth => pairedGain(scores, base, 1, strata)
  const once = crossFit(all, equal, [places], strata)
  const perRelation = crossFit(all, equal, byRelation, null)
  const relations = byRelation.map((own, index): RelationChoice => {
    const best = mixtures[perRelation.chosen[index] ?? equal]
    const accuracy = (scores: readonly number[]): number =>
      average(
        own.map((at) => scores[at] ?? 0),
        null
      )
    return {
      relation: relationOf[own[0] ?? 0] ?? '',
      count: own.length,
      best: best?.shares ?? [],
      accuracy: accuracy(best?.scores ?? []),
      equal: accuracy(base)
    }
  })
  return { once: () => worth(once.scores), perRelation: () => worth(perRelation.scores), relations }
}
