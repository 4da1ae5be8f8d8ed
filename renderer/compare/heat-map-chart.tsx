/** Sources against targets: the mean of the runs of each pair, coloured against a row where a baseline is chosen. */
import { Select } from '@mantine/core'
import type { Data, Layout } from 'plotly.js'
import { useMemo } from 'react'
import type { RunEntry } from '../../preload/contract/run-methods.ts'
import { Chart } from '../charts/chart.tsx'
import { divergingScale, sequentialScale } from '../charts/palette.ts'
import { useView } from '../connection/view.ts'
import { runsViewSchema } from '../runs/runs-view.ts'
import { heatMap } from './compare-data.ts'
import type { CompareView, Measure } from './compare-view.ts'

type Props = {
  runs: readonly RunEntry[]
  measure: Measure
  baseline: string | null
  onView: (change: Partial<CompareView>) => void
}

const digits = { accuracy: 3, matching: 4 } as const

export function HeatMapChart({ runs, measure, baseline, onView }: Props) {
  const [, setRunsView] = useView('runs', runsViewSchema)
  const { sources, targets, cells } = useMemo(() => heatMap(runs, measure), [runs, measure])
  const picture = useMemo(() => {
    const base = baseline === null ? -1 : sources.indexOf(baseline)
    const isRelative = base >= 0
    const values = cells.map((row) =>
      row.map((cell, target) => {
        if (cell === null) return null
        const reference = cells[base]?.[target]?.mean
        return isRelative ? (reference === undefined ? null : cell.mean - reference) : cell.mean
      })
    )
    const text = cells.map((row, source) =>
      row.map((cell, target) => {
        if (cell === null) return ''
        const value = (values[source]?.[target] ?? 0).toFixed(digits[measure])
        const spread =
          cell.standardDeviation === null ? '' : ` ± ${cell.standardDeviation.toFixed(digits[measure])}`
        return `${isRelative && !value.startsWith('-') ? '+' : ''}${value}<br>${isRelative ? '' : `${spread} · `}N ${cell.count}`
      })
    )
    const largest = Math.max(0.001, ...values.flat().map((value) => Math.abs(value ?? 0)))
    const traces: Data[] = [
      {
        type: 'heatmap',
        x: targets,
        y: sources,
        z: values,
        customdata: text,
        texttemplate: '%{customdata}',
        hovertemplate: '%{y} → %{x}<br>%{customdata}<extra></extra>',
        xgap: 2,
        ygap: 2,
        colorscale: isRelative ? divergingScale : sequentialScale,
        ...(isRelative ? { zmin: -largest, zmax: largest } : {}),
        colorbar: { thickness: 12, outlinewidth: 0 }
      }
    ]
    const layout: Partial<Layout> = {
      xaxis: { side: 'top', title: { text: 'target' }, fixedrange: true },
      yaxis: { autorange: 'reversed', fixedrange: true },
      margin: { l: 180, r: 16, t: 64, b: 12 }
    }
    return { traces, layout }
  }, [cells, sources, targets, measure, baseline])
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
      summary="Mean, standard deviation and number of runs. A click shows the runs of a cell."
      height={Math.max(240, 90 + 52 * sources.length)}
      table={table}
      controls={
        <Select
          size="xs"
          w={210}
          clearable
          placeholder="Colours: the value"
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
        setRunsView({ filter: `sources:"${source}" target:${target}` })
        location.hash = '#/runs'
      }}
      {...picture}
    />
  )
}
