/** Sources against targets: the mean of the runs of each pair, coloured against a row where a baseline is chosen. */
import { Select } from '@mantine/core'
import type { Data, Layout } from 'plotly.js'
import { useMemo } from 'react'
import { divergingScale, sequentialScale } from '#engine/common/format/palette.ts'
import type { AverageKind } from '#engine/common/statistics/average.ts'
import type { Spread } from '#engine/common/statistics/spread.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { cosine } from '#renderer/components/numbers.ts'
import { goTo } from '#renderer/connection/address.ts'
import { filterSame } from '#renderer/connection/same.ts'
import { useView } from '#renderer/connection/view.ts'
import { Chart } from '#renderer/figures/chart.tsx'
import { countedOnce } from '#renderer/runs/average-choice.tsx'
import { countsText } from '#renderer/runs/run-counts.ts'
import { requireField, setOf } from '#renderer/runs/run-fields.ts'
import { runsViewSchema } from '#renderer/runs/runs-view.ts'
import { settingKeys } from '#renderer/runs/scope.ts'
import { type HeatMap, heatMap, measured } from './compare-data.ts'
import type { CompareView, Measure } from './compare-view.ts'

type Props = {
  runs: readonly RunEntry[]
  measure: Measure
  average: AverageKind
  baseline: string | null
  onView: (change: Partial<CompareView>) => void
}

const hoverFormats = { accuracy: '.1%', matching: '.3f' } as const

/** A mean in the numbers of its measure: accuracy in per cent. */
function numberText(value: number, measure: Measure): string {
  return measure === 'accuracy' ? (100 * value).toFixed(1) : cosine(value)
}

/** Differences beyond it have the strongest colour: the same colour means the same wherever it is seen. */
const strongest = { accuracy: 0.3, matching: 0.1 } as const

/** The value of a cell, or its difference to the baseline's; null where either was not measured. */
function shownValues({ sources, cells }: HeatMap, baseline: string | null): (number | null)[][] {
  const base = baseline === null ? undefined : cells[sources.indexOf(baseline)]
  return cells.map((row) =>
    row.map((cell, target) => {
      if (cell === null || base === undefined) return cell?.mean ?? null
      const reference = base[target]
      return reference === null || reference === undefined ? null : cell.mean - reference.mean
    })
  )
}

function cellText(
  value: number,
  { standardDeviation, count }: Spread,
  measure: Measure,
  isRelative: boolean
): string {
  const figure = `${isRelative && value >= 0 ? '+' : ''}${numberText(value, measure)}`
  const spread =
    isRelative || standardDeviation === null ? '' : ` ± ${numberText(standardDeviation, measure)}`
  const unit = measure === 'accuracy' ? (isRelative ? ' points' : ' %') : ''
  return `${figure}${spread}${unit}<br>N ${count}`
}

function drawHeatMap(map: HeatMap, measure: Measure, baseline: string | null) {
  const { sources, targets, cells } = map
  const isRelative = baseline !== null && sources.includes(baseline)
  const values = shownValues(map, baseline)
  const [low, high] = isRelative ? [-strongest[measure], strongest[measure]] : [0, 1]
  const traces: Data[] = [
    {
      type: 'heatmap',
      x: targets,
      y: sources,
      z: values,
      hovertemplate: `%{y} → %{x}: %{z:${hoverFormats[measure]}}<extra></extra>`,
      xgap: 2,
      ygap: 2,
      zmin: low,
      zmax: high,
      colorscale: isRelative ? divergingScale : sequentialScale,
      // The cells say their values.
      showscale: false
    }
  ]
  const annotations = cells.flatMap((row, source) =>
    row.flatMap((cell, target) => {
      const value = values[source]?.[target] ?? null
      if (cell === null || value === null) return []
      const place = (value - low) / (high - low)
      const isOnDark = isRelative ? Math.abs(place - 0.5) > 0.35 : place < 0.5
      return [
        {
          x: target,
          y: source,
          text: cellText(value, cell, measure, isRelative),
          showarrow: false,
          font: { color: isOnDark ? '#ffffff' : '#000000' }
        }
      ]
    })
  )
  const layout: Partial<Layout> = {
    xaxis: { side: 'top', title: { text: 'target' }, fixedrange: true },
    yaxis: { autorange: 'reversed', fixedrange: true },
    margin: { l: 180, r: 16, t: 64, b: 12 },
    annotations
  }
  return { traces, layout }
}

function summaryOf(runs: readonly RunEntry[], measure: Measure, average: AverageKind): string {
  const mean = measure === 'accuracy' ? `Mean accuracy, ${countedOnce[average]}` : 'Mean matching over runs'
  const shown = filterSame(runs, (run) => measured(run, measure) !== null)
  return `${mean}; standard deviation over runs and their number below. ${countsText(shown)}`
}

/** The filter that leaves the runs of a cell, and no others: of those alone that the scope has. */
function cellFilter(runs: readonly RunEntry[], source: string, target: string): string {
  const within = runs.filter((run) => setOf(run) === source && run.target === target)
  const fields = ['sources', 'target', ...settingKeys].map(requireField)
  return fields
    .flatMap((field) => {
      const values = [...new Set(within.map(field.value))]
      return values.length === 1 && values[0] !== null ? `${field.key}="${values[0]}"` : []
    })
    .join(' ')
}

export function HeatMapChart({ runs, measure, average, baseline, onView }: Props) {
  const [, setRunsView] = useView('runs', runsViewSchema)
  const { sources, targets, cells } = useMemo(() => heatMap(runs, measure, average), [runs, measure, average])
  const summary = useMemo(() => summaryOf(runs, measure, average), [runs, measure, average])
  const picture = useMemo(
    () => drawHeatMap({ sources, targets, cells }, measure, baseline),
    [cells, sources, targets, measure, baseline]
  )
  const table = useMemo(
    () => ({
      columns: ['sources', ...targets.flatMap((target) => [target, `${target} sd`, `${target} N`])],
      rows: sources.map((source, row) => [
        source,
        ...targets.flatMap((_, column) => {
          const cell = cells[row]?.[column] ?? null
          return [cell?.mean ?? null, cell?.standardDeviation ?? null, cell?.count ?? 0]
        })
      ])
    }),
    [cells, sources, targets]
  )
  return (
    <Chart
      title={`Sources and targets: mean ${measure}`}
      summary={`${summary} A click shows the runs of a cell.`}
      caption={summary}
      height={Math.max(240, 90 + 52 * sources.length)}
      table={table}
      controls={
        <Select
          size="xs"
          w={210}
          clearable
          placeholder="Colour by value"
          aria-label="Baseline of the colours"
          data={sources.map((source) => ({ value: source, label: `Against ${source}` }))}
          value={baseline}
          onChange={(value) => onView({ baseline: value })}
        />
      }
      onPick={({ cell }) => {
        const [row, column] = cell ?? [-1, -1]
        const [source, target] = [sources[row], targets[column]]
        if (source === undefined || target === undefined) return
        setRunsView({ filter: cellFilter(runs, source, target) })
        goTo('/runs')
      }}
      {...picture}
    />
  )
}
