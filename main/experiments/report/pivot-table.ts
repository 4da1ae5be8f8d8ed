/** The table of a section as the paper lays its own out: methods and sources down, targets across. */
import { describeCost } from '#engine/common/contract/refinement.ts'
import { type Comparison, compareMeasurements, comparisonLegend, markOf } from './comparisons.ts'
import { isAcrossModels, isSelfTransfer, variedSettings } from './conditions.ts'
import type { MeasuredExperiment, MeasuredSection } from './experiment-measurements.ts'
import { groupBy } from './group-by.ts'
import { columnsOf, conditionAt, type Row, rowsOf } from './layout.ts'
import { describeCounts, isComplete, type Measurement } from './measure.ts'
import { publishedFigure } from './published.ts'
import { recordsOf } from './records.ts'
import type { ReportTable, TableCell, TableRow } from './report-table.ts'
import { fileId, metricName, sectionTitle } from './titles.ts'

/** Rows under their headings, in the order of the first of each. */
function groupRows(rows: readonly Row[], cellsOf: (row: Row) => TableRow['cells']): ReportTable['groups'] {
  return [...groupBy(rows, ({ heading }) => heading)].map(([heading, grouped]) => ({
    heading,
    rows: grouped.map((row) => ({ label: row.label, cells: cellsOf(row) }))
  }))
}

/** The two highest means among what was transferred across models to each target and task set, refinement apart. */
function rankCells(measurements: readonly Measurement[]): Map<Measurement, 'best' | 'second'> {
  const ranks = new Map<Measurement, 'best' | 'second'>()
  const columns = groupBy(
    measurements.filter(({ condition, refined }) => isAcrossModels(condition) && refined === null),
    ({ condition }) => `${condition.target}\n${condition.taskSet}`
  )
  for (const column of columns.values()) {
    const [best, second] = [...column].sort((a, b) => b.spread.mean - a.spread.mean)
    if (best !== undefined) ranks.set(best, 'best')
    if (second !== undefined) ranks.set(second, 'second')
  }
  return ranks
}

const legends = {
  self: 'Grey (italic in LaTeX): transferred to the model that the prompt was tuned on.',
  rank: 'Bold and underlined: the best and the second best in a column of what was transferred across models.',
  published: 'Paper: the figure that the paper prints for the same cell.',
  incomplete: '†: not every cell has been run.',
  validated:
    'V: the step of the search, or the set of sources, was chosen by labels of the target (chosen on dev): not zero-shot.'
} as const

/** What refinement cost, method by method. */
function refinedLegend(measurements: readonly Measurement[]): string[] {
  const costs = new Map(
    measurements.flatMap(({ condition: { method }, refined }) =>
      refined === null ? [] : [[method, `${method}: ${describeCost(refined.inputs, refined.steps)}`]]
    )
  )
  const told = [...costs.values()].join('. ')
  return costs.size === 0
    ? []
    : [
        `U: refined on the target with the sources’ own answers to inputs of its train split, which is not zero-shot (at most per task: ${told}); not among the bold and underlined.`
      ]
}

function legendOf(
  cells: readonly TableCell[],
  measurements: readonly Measurement[],
  comparisons: ReadonlyMap<Measurement, Comparison>
): string[] {
  return [
    ...(comparisons.size > 0 ? [comparisonLegend] : []),
    ...(cells.some(({ rank }) => rank !== null) ? [legends.rank] : []),
    ...(cells.some(({ self }) => self) ? [legends.self] : []),
    ...(cells.some(({ published }) => published !== null) ? [legends.published] : []),
    ...(cells.some(({ incomplete }) => incomplete) ? [legends.incomplete] : []),
    ...(cells.some(({ validated }) => validated) ? [legends.validated] : []),
    ...refinedLegend(measurements)
  ]
}

/** The table of a section in the experiment's metric. */
export async function pivotTable(
  experiment: MeasuredExperiment,
  measured: MeasuredSection
): Promise<ReportTable> {
  const { section, measurements } = measured
  const varied = variedSettings(measured)
  const everything = experiment.sections.flatMap((one) => one.measurements)
  const comparisons = await compareMeasurements(measurements, everything, varied)
  const ranks = rankCells(measurements)
  const byCondition = new Map(measurements.map((one) => [JSON.stringify(one.condition), one]))
  const cellOf = (measurement: Measurement): TableCell => ({
    spread: measurement.spread,
    interval: measurement.interval,
    mark: markOf(comparisons.get(measurement)),
    rank: ranks.get(measurement) ?? null,
    self: isSelfTransfer(measurement.condition),
    published:
      experiment.metric === 'accuracy' && varied.length === 0
        ? (publishedFigure(measurement.condition, experiment.published)?.accuracy ?? null)
        : null,
    incomplete: !isComplete(measurement),
    validated: measurement.validated,
    refined: measurement.refined !== null
  })
  const conditions = measured.conditions.map(({ condition }) => condition)
  const columns = columnsOf(conditions)
  const groups = groupRows(rowsOf(conditions, varied), (row) =>
    columns.map((column) => {
      const condition = conditionAt(row, column)
      const measurement = condition && byCondition.get(JSON.stringify(condition))
      return measurement === undefined ? null : cellOf(measurement)
    })
  )
  const cells = groups.flatMap(({ rows }) => rows.flatMap((row) => row.cells.filter((cell) => cell !== null)))
  return {
    id: fileId(section.name, experiment.metric),
    title: sectionTitle(section),
    caption: `${metricName(experiment.metric)} in %, mean ± standard deviation over seeds, and 95 % bootstrap intervals over examples. ${describeCounts(measurements)}`,
    rowHead: 'Source',
    columns: columns.map(({ label }) => label),
    groups,
    legend: legendOf(cells, measurements, comparisons),
    records: recordsOf(measurements, comparisons, experiment.published)
  }
}
