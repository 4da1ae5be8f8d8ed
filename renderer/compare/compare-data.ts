/** Runs put together for pictures: configurations, cells of sources and target, curves along a setting, pairs by relation. */
import { type AverageKind, average, scoreInterval, strataOf } from '#engine/common/statistics/average.ts'
import { type Interval, weightedInterval } from '#engine/common/statistics/bootstrap.ts'
import { type Spread, spreadOf } from '#engine/common/statistics/spread.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { type Answers, askedIn } from '#renderer/combinations/source-sets.ts'
import {
  type FieldValue,
  fieldText,
  independentFields,
  type RunField,
  setOf,
  varyingFields
} from '#renderer/runs/run-fields.ts'
import type { Measure } from './compare-view.ts'

/** The figure of a run, or null where it was not evaluated. */
export function measured({ scores, matching }: RunEntry, measure: Measure): number | null {
  switch (measure) {
    case 'accuracy':
      return scores?.accuracy ?? null
    case 'matching':
      return matching
  }
}

/** The runs that were measured, with what each counts: its examples in a micro average, else alike. */
function weightedValues(runs: readonly RunEntry[], measure: Measure, kind: AverageKind) {
  return runs.flatMap((run) => {
    const value = measured(run, measure)
    const weight = measure === 'accuracy' && kind === 'micro' ? (run.scores?.examples ?? 0) : 1
    return value === null ? [] : [{ value, weight }]
  })
}

function weightedMean(values: readonly { value: number; weight: number }[]): number {
  const total = values.reduce((sum, { weight }) => sum + weight, 0)
  return values.reduce((sum, { value, weight }) => sum + value * weight, 0) / total
}

function grouped(runs: readonly RunEntry[], keyOf: (run: RunEntry) => string): Map<string, RunEntry[]> {
  const groups = new Map<string, RunEntry[]>()
  for (const run of runs) {
    const key = keyOf(run)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [run])
    else group.push(run)
  }
  return groups
}

/** What tells runs of one configuration apart, which is to be averaged over. */
const replicated: readonly string[] = ['name', 'relation', 'task', 'seed', 'tags']

/** Runs of one configuration, over relations and seeds; named by what is not the same for all runs. */
export function configurations(runs: readonly RunEntry[]): Map<string, RunEntry[]> {
  const fields = varyingFields(runs).filter(({ key }) => !replicated.includes(key))
  const others = independentFields(fields, runs).filter(({ key }) => key !== 'sources' && key !== 'target')
  return grouped(runs, (run) =>
    [
      `${setOf(run)} → ${run.target}`,
      ...others.flatMap((field) => {
        const value = field.value(run)
        return value === null ? [] : `${field.title} ${fieldText(field, value)}`
      })
    ].join(', ')
  )
}

export type HeatMap = {
  /** Source sets, single ones first. */
  readonly sources: string[]
  readonly targets: string[]
  /** `[sources][targets]`; null where nothing was measured. */
  readonly cells: (Spread | null)[][]
}

export function heatMap(runs: readonly RunEntry[], measure: Measure, kind: AverageKind): HeatMap {
  const sizes = new Map(runs.map((run) => [setOf(run), run.sources.length]))
  const sources = [...sizes.keys()].sort(
    (a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0) || a.localeCompare(b)
  )
  const targets = [...new Set(runs.map(({ target }) => target))].sort()
  const bySources = grouped(runs, setOf)
  const cells = sources.map((source) => {
    const byTarget = grouped(bySources.get(source) ?? [], ({ target }) => target)
    return targets.map((target): Spread | null => {
      const own = byTarget.get(target) ?? []
      const weighted = weightedValues(own, measure, kind)
      return weighted.length === 0
        ? null
        : { ...spreadOf(weighted.map(({ value }) => value)), mean: weightedMean(weighted) }
    })
  })
  return { sources, targets, cells }
}

/** Fields with numbers that are not the same for all runs: what curves can be drawn along. */
export function curveFields(runs: readonly RunEntry[]): RunField[] {
  const firstWeight: RunField = {
    key: 'firstWeight',
    title: 'Share of the first source',
    value: ({ sources }) => {
      const total = sources.reduce((sum, { weight }) => sum + weight, 0)
      return sources.length < 2 ? null : (sources[0]?.weight ?? 0) / total
    },
    digits: 3,
    width: 0
  }
  const numeric = varyingFields(runs).filter(
    ({ key, value }) => key !== 'seed' && runs.some((run) => typeof value(run) === 'number')
  )
  const shares = new Set(runs.map(firstWeight.value).filter((share) => share !== null))
  return shares.size > 1 ? [...numeric, firstWeight] : numeric
}

export type CurvePoint = {
  readonly at: number
  readonly mean: number
  /** 95 % interval of the mean; null while it is not known. */
  readonly interval: Interval | null
  /** Examples where the interval is over examples, else runs. */
  readonly count: number
}

export type Curve = {
  readonly name: string
  readonly points: readonly CurvePoint[]
}

/**
 * Accuracy over the examples of the runs, with its interval by resampling these, all seeds of one together. Null where not
 * every run has a relation and answers.
 */
function accuracyPoint(
  runs: readonly RunEntry[],
  kind: AverageKind,
  answers: Answers
): Omit<CurvePoint, 'at'> | null {
  if (runs.some(({ id, relation }) => relation === null || !answers.has(id))) return null
  const relations = [...askedIn('', runs, answers, 'P@1').byRelation.values()]
  const scores = relations.flatMap((relation) => Array.from(relation.scores))
  if (scores.length === 0) return null
  const owners = relations.flatMap(({ examples }, place) => examples.map(() => String(place)))
  const strata = kind === 'macro' ? strataOf(owners) : null
  return {
    mean: average(scores, strata),
    interval: scoreInterval(scores, strata, false),
    count: scores.length
  }
}

/** Without examples, relations are what is resampled, all seeds of one together; where there is but one, its seeds. */
function measuredPoint(
  runs: readonly RunEntry[],
  measure: Measure,
  kind: AverageKind
): Omit<CurvePoint, 'at'> | null {
  const here = weightedValues(runs, measure, kind)
  if (here.length === 0) return null
  const byRelation = [...grouped(runs, ({ relation, name }) => relation ?? name).values()].flatMap((own) => {
    const values = weightedValues(own, measure, kind)
    const weight = values.reduce((sum, one) => sum + one.weight, 0)
    return weight === 0 ? [] : [{ value: weightedMean(values), weight }]
  })
  const resampled = byRelation.length > 1 ? byRelation : here
  return { mean: weightedMean(here), interval: weightedInterval(resampled), count: here.length }
}

/**
 * A curve per set of sources and target: mean and its interval of the runs at each value of the field. What else tells
 * the runs apart than relations and seeds is to be the same for all.
 * @param answers of the runs, as far as they have some; null while they are read: accuracies have no interval then
 */
export function curvesAlong(
  runs: readonly RunEntry[],
  field: RunField,
  measure: Measure,
  kind: AverageKind,
  answers: Answers | null
): Curve[] {
  const pointOf = (here: readonly RunEntry[]): Omit<CurvePoint, 'at'> | null => {
    if (measure === 'matching') return measuredPoint(here, measure, kind)
    const evaluated = here.filter(({ scores }) => scores !== null)
    const known = answers === null ? null : accuracyPoint(evaluated, kind, answers)
    const point = known ?? measuredPoint(evaluated, measure, kind)
    return point !== null && answers === null ? { ...point, interval: null } : point
  }
  const pairs = grouped(runs, (run) => `${setOf(run)} → ${run.target}`)
  return [...pairs].map(([name, members]) => {
    const values = new Set(
      members.map((run) => field.value(run)).filter((value) => typeof value === 'number')
    )
    const points = [...values]
      .sort((a, b) => a - b)
      .flatMap((at) => {
        const point = pointOf(members.filter((run) => field.value(run) === at))
        return point === null ? [] : [{ at, ...point }]
      })
    return { name, points }
  })
}

export type RelationPair = { readonly relation: string; readonly left: RunEntry; readonly right: RunEntry }

/** Runs of two configurations for the same relation, the newest of each. */
export function pairByRelation(left: readonly RunEntry[], right: readonly RunEntry[]): RelationPair[] {
  const newest = (runs: readonly RunEntry[]): Map<string, RunEntry> =>
    new Map([...runs].sort((a, b) => a.createdAt - b.createdAt).map((run) => [run.relation ?? run.name, run]))
  const rights = newest(right)
  return [...newest(left)]
    .flatMap(([relation, run]) => {
      const other = rights.get(relation)
      return other === undefined ? [] : [{ relation, left: run, right: other }]
    })
    .sort((a, b) => a.relation.localeCompare(b.relation, 'en', { numeric: true }))
}

/** The place of each value on an axis from 0 to 1: numbers by size, words by their order. */
export function axisPlaces(values: readonly FieldValue[]): { places: number[]; labels: [number, string][] } {
  const distinct = [...new Set(values)].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a ?? '').localeCompare(String(b ?? ''))
  )
  const place = (value: FieldValue): number =>
    distinct.length < 2 ? 0.5 : distinct.indexOf(value) / (distinct.length - 1)
  return {
    places: values.map(place),
    labels: distinct.map((value) => [place(value), value === null ? '–' : String(value)])
  }
}

/**
 * Places of an axis, some 320 pixels high: lines of more than a pixel that end closer can't be told apart, and a frame is
 * not enough to draw them where there are thousands of runs.
 */
const pointsOfAxis = 160

/**
 * The lines of runs from axis to axis, as an SVG path in the axes' numbers for each colour. Of thousands of runs most have
 * the same settings: what several go along is drawn once, in the last of their colours, and no run is an element of its own.
 * @param axes `[axes][runs]` places from 0 to 1
 * @param colours `[runs]` the number of each run's colour, of `count`
 */
export function linesPaths(
  axes: readonly (readonly number[])[],
  colours: readonly number[],
  count: number
): string[] {
  const text = (place = 0): string => String(Math.round(place * pointsOfAxis) / pointsOfAxis)
  const last = new Map<string, number>()
  for (const [axis, ends] of axes.slice(1).entries()) {
    const starts = axes[axis] ?? []
    for (const [run, end] of ends.entries()) {
      const line = `M${axis},${text(starts[run])}L${axis + 1},${text(end)}`
      last.set(line, Math.max(last.get(line) ?? 0, colours[run] ?? 0))
    }
  }
  const paths = Array.from({ length: count }, (): string[] => [])
  for (const [line, colour] of last) paths[colour]?.push(line)
  return paths.map((lines) => lines.join(''))
}
