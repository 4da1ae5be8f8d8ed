/** Runs put together for pictures: configurations, cells of sources and target, curves along a setting, pairs by relation. */
import type { AverageKind } from '#engine/common/statistics/average.ts'
import { type Interval, weightedInterval } from '#engine/common/statistics/bootstrap.ts'
import { type Spread, spreadOf } from '#engine/common/statistics/spread.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
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
    groups.set(key, [...(groups.get(key) ?? []), run])
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
  const cells = sources.map((source) =>
    targets.map((target): Spread | null => {
      const own = runs.filter((run) => setOf(run) === source && run.target === target)
      const weighted = weightedValues(own, measure, kind)
      return weighted.length === 0
        ? null
        : { ...spreadOf(weighted.map(({ value }) => value)), mean: weightedMean(weighted) }
    })
  )
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
  /** 95 % bootstrap interval of the mean over relations and seeds. */
  readonly interval: Interval
  readonly count: number
}

export type Curve = {
  readonly name: string
  readonly points: readonly CurvePoint[]
}

/**
 * A curve per set of sources and target: mean and its interval of the runs at each value of the field. What else tells
 * the runs apart than relations and seeds is to be the same for all.
 */
export function curvesAlong(
  runs: readonly RunEntry[],
  field: RunField,
  measure: Measure,
  kind: AverageKind
): Curve[] {
  const pairs = grouped(runs, (run) => `${setOf(run)} → ${run.target}`)
  return [...pairs].map(([name, members]) => {
    const values = new Set(
      members.map((run) => field.value(run)).filter((value) => typeof value === 'number')
    )
    const points = [...values]
      .sort((a, b) => a - b)
      .flatMap((at) => {
        const here = weightedValues(
          members.filter((run) => field.value(run) === at),
          measure,
          kind
        )
        if (here.length === 0) return []
        return [{ at, mean: weightedMean(here), interval: weightedInterval(here), count: here.length }]
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
