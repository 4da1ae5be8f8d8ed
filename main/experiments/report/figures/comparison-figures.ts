/** Figures of any section: how its methods compare on average, and whether matching goes with the metric. */
import { rankCorrelation, rankCorrelationInterval } from '#engine/common/statistics/rank-correlation.ts'
import { averageOver } from '../averages.ts'
import { describeSources, isAcrossModels } from '../conditions.ts'
import type { MeasuredExperiment, MeasuredSection } from '../experiment-measurements.ts'
import { groupBy } from '../group-by.ts'
import { describeCounts, isComplete, type Measurement } from '../measure.ts'
import { fileId, metricName, sectionTitle } from '../titles.ts'
import { percentPoint, type ReportFigure, shortCorrelation } from './figure.ts'

/** Names the columns of a figure: by target, and by task set too where there are several. */
function columnNames(shown: readonly Measurement[]): (measurement: Measurement) => string {
  const isOne = new Set(shown.map(({ condition }) => condition.taskSet)).size === 1
  return ({ condition: { target, taskSet } }) => (isOne ? target : `${target} · ${taskSet}`)
}

/** Bars by target: the mean over the sets of sources across models, and what transfers nothing as it is. */
export function methodsFigure(
  experiment: MeasuredExperiment,
  measured: MeasuredSection
): ReportFigure | null {
  const shown = measured.measurements.filter(
    (one) => isComplete(one) && (one.condition.sources.length === 0 || isAcrossModels(one.condition))
  )
  const methods = groupBy(shown, ({ condition: { method, sources } }) =>
    sources.length > 1 ? `${method}, several sources` : method
  )
  if (methods.size < 2) return null
  const columnName = columnNames(shown)
  const places = [...new Set(shown.map(columnName))]
  const bars = [...methods].flatMap(([method, group]) =>
    [...groupBy(group, columnName)].flatMap(([place, measurements]) => {
      const average = averageOver(measurements)
      return average === null ? [] : [{ method, place, average }]
    })
  )
  const metric = metricName(experiment.metric)
  return {
    id: fileId(`${measured.section.name}-methods`, experiment.metric),
    caption: `${metric} with 95 % bootstrap intervals over examples; of what was transferred, the mean over all sources other than the target. ${describeCounts(shown)}`,
    definition: {
      title: `${sectionTitle(measured.section)}: the methods on each target`,
      marks: 'bars',
      x: { label: 'target', categories: places },
      y: { label: metric, unit: '%' },
      panels: [
        {
          title: null,
          series: [...methods.keys()].map((label) => ({
            label,
            points: bars
              .filter(({ method }) => method === label)
              .map(({ place, average: { spread, interval } }) => percentPoint(place, spread.mean, interval))
          }))
        }
      ]
    },
    data: {
      columns: ['method', 'target', 'mean', '95 % low', '95 % high', 'sets of sources'],
      rows: bars.map(({ method, place, average: { spread, interval, conditions } }) => [
        method,
        place,
        spread.mean,
        interval.low,
        interval.high,
        conditions
      ])
    }
  }
}

/** What was transferred across models in the relative space: matching against the metric, a point per condition. */
export function matchingFigure(
  experiment: MeasuredExperiment,
  measured: MeasuredSection
): ReportFigure | null {
  const transferred = measured.measurements.flatMap((one) =>
    one.matching === null || !isComplete(one) || !isAcrossModels(one.condition)
      ? []
      : [{ ...one, matching: one.matching }]
  )
  if (transferred.length < 4) return null
  const pairs = transferred.map(({ matching, spread }) => [matching, spread.mean] as const)
  const interval = rankCorrelationInterval(pairs)
  const range =
    interval === null
      ? ''
      : ` (95 % interval ${shortCorrelation(interval.low)} to ${shortCorrelation(interval.high)})`
  const metric = metricName(experiment.metric)
  return {
    id: fileId(`${measured.section.name}-matching`, experiment.metric),
    caption: `${metric} against the matching of what was transferred across models, a point per sources and target. Spearman’s ρ is ${shortCorrelation(rankCorrelation(pairs))}${range} over ${transferred.length}. ${describeCounts(transferred)}`,
    definition: {
      title: `${sectionTitle(measured.section)}: matching between models`,
      marks: 'points',
      x: { label: 'matching', unit: null },
      y: { label: metric, unit: '%' },
      panels: [
        {
          title: null,
          series: [...groupBy(transferred, ({ condition }) => condition.target)].map(([label, group]) => ({
            label,
            points: group.map(({ matching, spread, interval: ofOne }) =>
              percentPoint(matching, spread.mean, ofOne)
            )
          }))
        }
      ]
    },
    data: {
      columns: ['method', 'sources', 'target', 'tasks', 'matching', 'mean', '95 % low', '95 % high'],
      rows: transferred.map(({ condition, matching, spread, interval: { low, high } }) => [
        condition.method,
        describeSources(condition.sources),
        condition.target,
        condition.taskSet,
        matching,
        spread.mean,
        low,
        high
      ])
    }
  }
}
