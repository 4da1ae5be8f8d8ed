/** Accuracy along the search against the matching (Figure 2), with Spearman's correlation of every curve. */
import { mean } from 'simple-statistics'
import { type Interval, meanInterval } from '#engine/common/statistics/bootstrap.ts'
import { rankCorrelation } from '#engine/common/statistics/rank-correlation.ts'
import type { ExperimentResults } from '#main/experiments/execute/results.ts'
import { type Condition, type ConditionCells, describeSources } from '../conditions.ts'
import type { MeasuredSection } from '../experiment-measurements.ts'
import { groupBy } from '../group-by.ts'
import { sectionTitle } from '../titles.ts'
import { percentPoint, type ReportFigure, shortCorrelation } from './figure.ts'

type CurvePoint = { readonly step: number; readonly matching: number; readonly accuracy: number }

export type SearchCurve = {
  readonly condition: Condition
  /** Means over tasks and seeds, step by step. */
  readonly points: readonly CurvePoint[]
  /** Spearman's ρ of matching and accuracy over the steps. */
  readonly correlation: number
}

function curveOf(
  { condition, cells }: ConditionCells,
  results: ExperimentResults['results']
): SearchCurve | null {
  const asked = cells.flatMap(({ id }) =>
    (results.get(id)?.curve ?? []).flatMap(({ step, matching, accuracy }): CurvePoint[] =>
      matching === null ? [] : [{ step, matching, accuracy }]
    )
  )
  const points = [...groupBy(asked, ({ step }) => step)]
    .map(([step, group]) => ({
      step,
      matching: mean(group.map(({ matching }) => matching)),
      accuracy: mean(group.map(({ accuracy }) => accuracy))
    }))
    .sort((a, b) => a.step - b.step)
  if (points.length < 2) return null
  const pairs = points.map(({ matching, accuracy }) => [matching, accuracy] as const)
  return { condition, points, correlation: rankCorrelation(pairs) }
}

/** The curves of a section whose searches were asked along the way. */
export function searchCurves(
  { conditions }: MeasuredSection,
  results: ExperimentResults['results']
): SearchCurve[] {
  return conditions.map((one) => curveOf(one, results)).filter((curve) => curve !== null)
}

/** The mean of the curves' correlations; curves are drawn for the interval, since steps of one search depend on each other. */
export function meanCorrelation(
  curves: readonly SearchCurve[]
): (Interval & { readonly rho: number }) | null {
  const correlations = curves.map(({ correlation }) => correlation)
  return correlations.length === 0 ? null : { rho: mean(correlations), ...meanInterval(correlations) }
}

/** One panel per set of sources, one line per target; the matching loss falls towards the right, as in the paper. */
export function searchFigure(
  measured: MeasuredSection,
  results: ExperimentResults['results']
): ReportFigure | null {
  const curves = searchCurves(measured, results)
  const correlation = meanCorrelation(curves)
  if (correlation === null) return null
  const { rho, low, high } = correlation
  const named = curves.map((curve) => ({
    ...curve,
    source: describeSources(curve.condition.sources),
    target:
      new Set(curves.map(({ condition }) => condition.method)).size === 1
        ? curve.condition.target
        : `${curve.condition.target}, ${curve.condition.method}`
  }))
  return {
    id: `${measured.section.name}-along-the-search`,
    caption: `Accuracy on the dev split against the matching loss (1 − matching) along the search, mean over tasks and seeds; panels are sources, lines targets. Spearman’s ρ of matching and accuracy is ${shortCorrelation(rho)} on average over ${curves.length} curves (95 % interval over curves ${shortCorrelation(low)} to ${shortCorrelation(high)}).`,
    definition: {
      title: sectionTitle(measured.section),
      marks: 'lines',
      x: { label: 'matching loss', unit: null, reversed: true },
      y: { label: 'accuracy', unit: '%' },
      panels: [...groupBy(named, ({ source }) => source)].map(([source, group]) => ({
        title: `from ${source}`,
        series: group.map(({ target, points }) => ({
          label: target,
          points: points.map(({ matching, accuracy }) => percentPoint(1 - matching, accuracy, null))
        }))
      }))
    },
    data: {
      columns: ['method', 'sources', 'target', 'step', 'matching', 'accuracy', 'ρ of the curve'],
      rows: named.flatMap(({ condition, source, points, correlation: one }) =>
        points.map(({ step, matching, accuracy }) => [
          condition.method,
          source,
          condition.target,
          step,
          matching,
          accuracy,
          one
        ])
      )
    }
  }
}
