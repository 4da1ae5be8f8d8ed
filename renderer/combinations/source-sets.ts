/** The sets of sources of a scope on the same examples: what each was asked, how it did, and which were not tried. */
import { mean } from 'simple-statistics'
import { type AverageKind, average, type Strata, strataOf } from '#engine/common/statistics/average.ts'
import type {
  Comparison,
  ScoredSet,
  SourceSet,
  Suggestion
} from '#engine/common/statistics/set-comparison.ts'
import type { Outcomes, RunEntry } from '#preload/contract/run-methods.ts'
import type { Scope } from '#renderer/runs/scope.ts'
import { type Metric, metrics } from './combinations-view.ts'

/** Scores of an example, from 0 to 1, over the runs of one set on one relation. */
type Scored = { readonly examples: readonly string[]; readonly scores: ArrayLike<number> }

/** The accuracy over all relations, whichever of both a comparison is by. */
type Averages = Readonly<Record<AverageKind, number>>

export type TriedSet = ScoredSet & {
  readonly runs: readonly RunEntry[]
  readonly averages: Averages
}

export type ComparedSet = TriedSet & Comparison

export type UntriedSet = SourceSet & {
  /** The relations that it was asked already. */
  readonly asked: number
}

export type SuggestedSet = UntriedSet & Suggestion

export type Reference = {
  readonly name: string
  readonly accuracy: number
  readonly averages: Averages
  readonly scores: readonly number[]
}

export type Example = { readonly relation: string; readonly id: string }

export type Combinations = {
  /** Names, S. */
  readonly sources: readonly string[]
  readonly relations: readonly string[]
  /** `[N]`: those that every tried set was asked. */
  readonly examples: readonly Example[]
  /** What accuracies are an average over. */
  readonly strata: Strata
  readonly tried: readonly TriedSet[]
  readonly untried: readonly UntriedSet[]
  /** Those that were asked all examples. */
  readonly references: readonly Reference[]
}

export function setName(members: readonly string[]): string {
  return members.join(' + ')
}

/** Models by name, in the order of the alphabet: a set is one set whatever the order. */
export function sourcesIn(runs: readonly RunEntry[]): string[] {
  return [...new Set(runs.flatMap(({ sources }) => sources.map(({ model }) => model)))].sort()
}

export function relationsIn(runs: readonly RunEntry[]): string[] {
  return [...new Set(runs.flatMap(({ relation }) => relation ?? []))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true })
  )
}

function isRight(rank: number, metric: Metric): number {
  return rank <= (metric === 'P@1' ? 1 : 10) ? 1 : 0
}

/** What a run was asked, and the rank of the right answer to each example. */
type Answered = { readonly examples: readonly string[]; readonly ranks: Uint8Array }

/** Answers by run. */
export type Answers = ReadonlyMap<string, Answered>

/** The answers of several requests together. */
export function answersOf(all: readonly Outcomes[]): Answers {
  return new Map(
    all.flatMap(({ lists, runs }) =>
      runs.map(({ id, list, ranks }) => [id, { examples: lists[list] ?? [], ranks }])
    )
  )
}

const scoresOfRanks = new Map(metrics.map((metric) => [metric, new WeakMap<Uint8Array, Uint8Array>()]))

/** The scores of a run, made once: the same ones are asked for with every change of what is shown. */
function scoresOfRun({ examples, ranks }: Answered, metric: Metric): Scored {
  const known = scoresOfRanks.get(metric)
  const scores = known?.get(ranks) ?? ranks.map((rank) => isRight(rank, metric))
  known?.set(ranks, scores)
  return { examples, scores }
}

/** Mean scores over runs of one relation, by the examples that all of them were asked. */
function scoreRelation(runs: readonly RunEntry[], answers: Answers, metric: Metric): Scored {
  const asked = runs.flatMap(({ id }) => {
    const answered = answers.get(id)
    return answered === undefined ? [] : [scoresOfRun(answered, metric)]
  })
  const [first] = asked
  if (first === undefined) return { examples: [], scores: [] }
  if (asked.length === 1) return first
  const common = commonExamples(asked)
  const byRun = asked.map((one) => scoresAt(one, common))
  return { examples: common, scores: common.map((_, at) => mean(byRun.map((own) => own[at] ?? 0))) }
}

export function groupBy<K>(runs: readonly RunEntry[], keyOf: (run: RunEntry) => K): Map<K, RunEntry[]> {
  const groups = new Map<K, RunEntry[]>()
  for (const run of runs) {
    const key = keyOf(run)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [run])
    else group.push(run)
  }
  return groups
}

/** The examples that all were asked, in the order of the first. */
function commonExamples(all: readonly Scored[]): readonly string[] {
  const [first] = all
  if (first === undefined) return []
  const others = [...new Set(all.map(({ examples }) => examples))].filter((list) => list !== first.examples)
  const known = others.map((list) => new Set(list))
  return known.length === 0
    ? first.examples
    : first.examples.filter((example) => known.every((set) => set.has(example)))
}

/** Scores at some of the examples; not a number where one was not asked. */
function scoresAt({ examples, scores }: Scored, at: readonly string[]): ArrayLike<number> {
  if (examples === at) return scores
  const places = new Map(examples.map((example, place) => [example, place]))
  return at.map((example) => scores[places.get(example) ?? -1] ?? Number.NaN)
}

export type Asked = {
  readonly name: string
  readonly runs: readonly RunEntry[]
  readonly byRelation: ReadonlyMap<string, Scored>
}

/** By relation the examples that are compared. */
type Common = readonly (readonly [relation: string, examples: readonly string[]])[]

/** Of those that were asked every relation, the examples that all of them were asked. */
export function commonOf(asked: readonly Asked[], relations: readonly string[]): Common {
  return relations.map((relation) => [
    relation,
    commonExamples(asked.flatMap(({ byRelation }) => byRelation.get(relation) ?? []))
  ])
}

/** `[N]` scores on common examples. */
export function scoresOn({ byRelation }: Asked, common: Common): number[] {
  const all: number[] = []
  for (const [relation, examples] of common) {
    const own = byRelation.get(relation)
    const scores = own === undefined ? [] : scoresAt(own, examples)
    for (let at = 0; at < scores.length; at++) all.push(scores[at] ?? 0)
  }
  return all
}

export function isAskedAll({ byRelation }: Asked, relations: readonly string[]): boolean {
  return relations.every((relation) => byRelation.has(relation))
}

export function askedIn(name: string, runs: readonly RunEntry[], answers: Answers, metric: Metric): Asked {
  const byRelation = [...groupBy(runs, ({ relation }) => relation ?? '')].map(
    ([relation, members]): [string, Scored] => [relation, scoreRelation(members, answers, metric)]
  )
  return { name, runs, byRelation: new Map(byRelation) }
}

const referenceNames: Readonly<Record<string, string>> = {
  manual: 'manual template',
  random: 'random vectors',
  'direct-tuning': 'tuned on the target',
  prompt: 'the target’s own prompt'
}

/**
 * @param relations those to look at; a set that was not asked all of them counts as untried
 * @param answers of the runs of the scope
 * @param kind which average the accuracies are
 */
export function combine(
  { runs, references }: Pick<Scope, 'runs' | 'references'>,
  relations: readonly string[],
  answers: Answers,
  metric: Metric,
  kind: AverageKind
): Combinations {
  const wanted = new Set(relations)
  const within = runs.filter(({ relation }) => wanted.has(relation ?? ''))
  const sources = sourcesIn(runs)
  const bits = new Map(sources.map((source, bit) => [source, 1 << bit]))
  const bySet = groupBy(within, (run) =>
    run.sources.reduce((set, { model }) => set | (bits.get(model) ?? 0), 0)
  )
  const named = (set: number): SourceSet => {
    const members = sources.filter((_, source) => (set >> source) & 1)
    return { set, members, name: setName(members) }
  }
  const asked = [...bySet].map(([set, members]) => {
    const one = named(set)
    return { ...one, ...askedIn(one.name, members, answers, metric) }
  })
  const isWhole = (one: Asked): boolean => isAskedAll(one, relations)
  const whole = asked.filter(isWhole)
  const common = commonOf(whole, relations)
  const examples = common.flatMap(([relation, ids]) => ids.map((id) => ({ relation, id })))
  const strata = strataOf(examples.map(({ relation }) => relation))
  const scored = (one: Asked) => {
    const scores = scoresOn(one, common)
    const averages =
      scores.length === 0
        ? { micro: 0, macro: 0 }
        : { micro: average(scores, null), macro: average(scores, strata) }
    return { scores, accuracy: averages[kind], averages }
  }
  const tried = whole.map((one): TriedSet => {
    const { byRelation: _, ...set } = one
    return { ...set, ...scored(one) }
  })
  const all = Array.from({ length: 2 ** sources.length - 1 }, (_, index) => index + 1)
  const done = new Set(tried.map(({ set }) => set))
  const parts = new Map(asked.map(({ set, byRelation }) => [set, byRelation.size]))
  return {
    sources,
    relations,
    examples,
    strata: kind === 'macro' ? strata : null,
    tried,
    untried: all
      .filter((set) => !done.has(set))
      .map((set) => ({ ...named(set), asked: parts.get(set) ?? 0 })),
    references: [
      ...groupBy(
        references.filter(({ relation }) => wanted.has(relation ?? '')),
        ({ method }) => method
      )
    ]
      .map(([method, members]) => askedIn(referenceNames[method] ?? method, members, answers, metric))
      .filter(isWhole)
      .map((reference) => ({ name: reference.name, ...scored(reference) }))
      .filter(({ scores }) => scores.every(Number.isFinite))
      .sort((a, b) => b.accuracy - a.accuracy)
  }
}
