/**
 * What a setting does (Figures 3 and 4, and any section that varies one): the average over all pairs of models at
 * each of its values, across models and within one.
 */
import type { FigureDefinition } from '#engine/common/format/figure.ts'
import { type Average, averageOver } from '../averages.ts'
import {
  type Condition,
  describeSetting,
  isAcrossModels,
  isSelfTransfer,
  type SettingName,
  variedSettings
} from '../conditions.ts'
import type { MeasuredExperiment, MeasuredSection } from '../experiment-measurements.ts'
import { groupBy } from '../group-by.ts'
import { describeCounts, isComplete, type Measurement } from '../measure.ts'
import { fileId, metricName, sectionTitle } from '../titles.ts'
import { percentPoint, type ReportFigure } from './figure.ts'

const places = ['across models', 'within a model'] as const
type Place = (typeof places)[number]

export type SettingAverage = {
  readonly method: string
  readonly place: Place
  /** The value of the first varied setting, and of the others where several are varied. */
  readonly value: string
  readonly others: string
  readonly average: Average
  /** What it is the average of. */
  readonly measurements: readonly Measurement[]
}

function placeOf(condition: Condition): Place | null {
  if (isAcrossModels(condition)) return 'across models'
  return isSelfTransfer(condition) ? 'within a model' : null
}

/** Only pairs that were measured at every value, so that averages are over the same pairs. */
function measuredEverywhere(measurements: readonly Measurement[]): Measurement[] {
  const complete = measurements.filter(isComplete)
  const pairs = groupBy(complete, ({ condition: { method, sources, target, taskSet } }) =>
    JSON.stringify([method, sources, target, taskSet])
  )
  const most = Math.max(0, ...[...pairs.values()].map(({ length }) => length))
  return [...pairs.values()].filter(({ length }) => length === most).flat()
}

/** The averages of a section by method, place and value; none where nothing is varied or transferred. */
export function settingAverages(measured: MeasuredSection): SettingAverage[] {
  const [first, ...rest] = variedSettings(measured)
  if (first === undefined) return []
  const placed = measuredEverywhere(measured.measurements).flatMap((measurement) => {
    const { condition } = measurement
    const place = placeOf(condition)
    if (place === null) return []
    const value = describeSetting(condition, first)
    const others = rest.map((name) => describeSetting(condition, name)).join(', ')
    return [{ measurement, method: condition.method, place, value, others }]
  })
  placed.sort((a, b) => places.indexOf(a.place) - places.indexOf(b.place))
  const groups = groupBy(placed, ({ method, place, value, others }) =>
    JSON.stringify([place, method, others, value])
  )
  return [...groups.values()].flatMap((group) => {
    const averaged = group.map(({ measurement }) => measurement)
    const average = averageOver(averaged)
    return average === null
      ? []
      : group.slice(0, 1).map(({ method, place, value, others }) => ({
          method,
          place,
          value,
          others,
          average,
          measurements: averaged
        }))
  })
}

const axisNames: Record<SettingName, string> = {
  length: 'prompt length m',
  anchors: 'number of anchors k',
  mask: 'mask',
  centre: 'centring',
  rescale: 'normalisation'
}

/** The values of an axis: numbers in their order are joined by lines, and shown without what they all begin with. */
function axisOf(setting: SettingName, values: readonly string[]): { label: string; ticks: string[] } | null {
  if (setting === 'length' || setting === 'anchors') {
    return { label: axisNames[setting], ticks: values.map((value) => value.replace(/^. = /, '')) }
  }
  const kept = values.map((value) => (value === 'mask: all' ? 'all' : /^mask: top (\d+) /.exec(value)?.[1]))
  const ticks = kept.filter((tick) => tick !== undefined)
  return setting === 'mask' && ticks.length === values.length
    ? { label: 'anchors kept by the mask', ticks }
    : null
}

function definitionOf(
  title: string,
  averages: readonly SettingAverage[],
  setting: SettingName,
  metric: string
): FigureDefinition {
  const values = [...new Set(averages.map(({ value }) => value))]
  const axis = axisOf(setting, values)
  const series = groupBy(averages, ({ method, place, others }) =>
    [method, others, place].filter((part) => part !== '').join(', ')
  )
  const categories = axis?.ticks ?? values
  return {
    title,
    marks: axis === null ? 'bars' : 'lines',
    x: { label: axis?.label ?? axisNames[setting], categories },
    y: { label: metric, unit: '%' },
    panels: [
      {
        title: null,
        series: [...series].map(([label, group]) => ({
          label,
          points: group.map(({ value, average: { spread, interval } }) =>
            percentPoint(categories[values.indexOf(value)] ?? value, spread.mean, interval)
          )
        }))
      }
    ]
  }
}

/** The figure of a section that varies a setting; null where nothing is varied or measured. */
export function settingFigure(
  experiment: MeasuredExperiment,
  measured: MeasuredSection
): ReportFigure | null {
  const averages = settingAverages(measured)
  const [setting] = variedSettings(measured)
  if (setting === undefined || averages.length === 0) return null
  const metric = metricName(experiment.metric)
  return {
    id: fileId(`${measured.section.name}-by-${setting}`, experiment.metric),
    caption: `${metric}, mean over all pairs of models that were measured at every value, with 95 % bootstrap intervals over examples. ${describeCounts(averages.flatMap((one) => one.measurements))}`,
    definition: definitionOf(sectionTitle(measured.section), averages, setting, metric),
    data: {
      columns: [
        'method',
        'pairs',
        axisNames[setting],
        'other settings',
        'mean',
        'standard deviation over seeds',
        'seeds',
        '95 % low',
        '95 % high',
        'pair count'
      ],
      rows: averages.map(({ method, place, value, others, average: { spread, interval, conditions } }) => [
        method,
        place,
        value,
        others,
        spread.mean,
        spread.standardDeviation,
        spread.count,
        interval.low,
        interval.high,
        conditions
      ])
    }
  }
}
