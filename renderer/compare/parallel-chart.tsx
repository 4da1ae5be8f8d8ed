/** Parallel coordinates: every run a line over the settings that are not the same for all, coloured by its figure. */
import { useComputedColorScheme } from '@mantine/core'
import type { Data } from 'plotly.js'
import { useMemo } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { cosine, percent } from '#renderer/components/numbers.ts'
import { filterSame } from '#renderer/connection/same.ts'
import { Chart } from '#renderer/figures/chart.tsx'
import { screenLooks } from '#renderer/figures/look.ts'
import { shortNames } from '#renderer/figures/short-names.ts'
import { type ValueRange, valueRange } from '#renderer/figures/value-range.ts'
import { countsText } from '#renderer/runs/run-counts.ts'
import { fieldText, independentFields, varyingFields } from '#renderer/runs/run-fields.ts'
import { axisPlaces, linesPaths, measured } from './compare-data.ts'
import type { Measure } from './compare-view.ts'

/** Of Cividis (Nuñez et al. 2018), from low to high. */
const colours = ['#00224e', '#35456c', '#666970', '#948e77', '#c8b866', '#fee838']

/** The axes alone: plotly draws none without a trace. */
const noPoints: readonly Data[] = [{ type: 'scatter', x: [null], y: [null], hoverinfo: 'skip' }]

export function ParallelChart({ runs, measure }: { runs: readonly RunEntry[]; measure: Measure }) {
  const paper = `${screenLooks[useComputedColorScheme('light')].paper}cc`
  const picture = useMemo(() => {
    const shown = filterSame(runs, (run) => measured(run, measure) !== null)
    const varying = varyingFields(shown).filter(({ key }) => key !== 'name' && key !== 'tags')
    const fields = independentFields(varying, shown)
    const values = shown.map((run) => measured(run, measure) ?? 0)
    const range = valueRange(values, measure)
    const [low, high] = range
    const axes = [
      ...fields.map((field) => ({
        title: field.title,
        ...axisPlaces(shown.map(field.value))
      })),
      scoreAxis(values, range, measure)
    ]
    const bin = (value: number): number =>
      Math.min(colours.length - 1, Math.floor(((value - low) / (high - low)) * colours.length))
    const paths = linesPaths(
      axes.map(({ places }) => places),
      values.map(bin),
      colours.length
    )
    const shapes = paths.map((path, index) => ({
      type: 'path' as const,
      path,
      line: { color: colours[index], width: 1.2 },
      opacity: 0.7,
      layer: 'below' as const
    }))
    const annotations = axes.flatMap(({ labels }, axis) => {
      // Where there are many, the ends say enough.
      const told = labels.length > 8 ? labels.filter(([place]) => place === 0 || place === 1) : labels
      const texts = shortNames(
        told.map(([, text]) => text),
        22
      )
      return told.map(([place], index) => ({
        x: axis,
        y: place,
        text: texts[index] ?? '',
        showarrow: false,
        xanchor: 'left' as const,
        xshift: 5,
        font: { size: 11 },
        bgcolor: paper
      }))
    })
    return {
      summary: `A line per run over the settings that differ; light is high ${measure}, and where runs share a line the highest is seen. ${countsText(shown)}`,
      traces: noPoints,
      layout: {
        shapes: shapes.filter(({ path }) => path !== ''),
        xaxis: {
          tickvals: axes.map((_, axis) => axis),
          ticktext: axes.map(({ title }) => title),
          side: 'top' as const,
          range: [-0.2, axes.length - 0.4],
          fixedrange: true
        },
        yaxis: { visible: false, range: [-0.06, 1.06], fixedrange: true },
        annotations,
        margin: { l: 16, r: 16, t: 32, b: 12 }
      },
      table: {
        columns: [...fields.map(({ title }) => title), measure],
        rows: shown.map((run, index) => [
          ...fields.map((field) => fieldText(field, field.value(run))),
          values[index] ?? null
        ])
      }
    }
  }, [runs, measure, paper])
  return <Chart title="Parallel coordinates" height={360} {...picture} />
}

function scoreAxis(values: readonly number[], [low, high]: ValueRange, measure: Measure) {
  const labels = [0, 0.25, 0.5, 0.75, 1].map((at): [number, string] => {
    const value = low + at * (high - low)
    return [at, measure === 'accuracy' ? percent(value) : cosine(value)]
  })
  return { title: measure, places: values.map((value) => (value - low) / (high - low)), labels }
}
