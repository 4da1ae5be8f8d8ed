/** Curves along a setting, with a band for the interval of the mean: of accuracies over examples, of matching over relations. */
import { Select } from '@mantine/core'
import type { Data } from 'plotly.js'
import { useMemo } from 'react'
import { categoryColour, translucent } from '#engine/common/format/palette.ts'
import type { AverageKind } from '#engine/common/statistics/average.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { useAnswers } from '#renderer/combinations/use-answers.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { filterSame } from '#renderer/connection/same.ts'
import { Chart } from '#renderer/figures/chart.tsx'
import { countedOnce } from '#renderer/runs/average-choice.tsx'
import { countsText } from '#renderer/runs/run-counts.ts'
import type { RunField } from '#renderer/runs/run-fields.ts'
import { type ChosenSettings, scopeOf } from '#renderer/runs/scope.ts'
import { curveFields, curvesAlong, measured } from './compare-data.ts'
import { axisFormat, type CompareView, type Measure } from './compare-view.ts'

type Props = {
  runs: readonly RunEntry[]
  measure: Measure
  average: AverageKind
  along: string | null
  settings: ChosenSettings
  onView: (change: Partial<CompareView>) => void
}

export function CurvesChart({ along, settings, ...rest }: Props) {
  const { runs } = rest
  const fields = useMemo(() => curveFields(runs), [runs])
  const field = fields.find(({ key }) => key === along) ?? fields[0]
  const scope = useMemo(() => scopeOf(runs, settings, field?.key ?? null), [runs, settings, field])
  if (field === undefined) return null
  // Shares of weights are an axis of their own, of runs whose weights differ.
  const shown = field.key === 'firstWeight' ? scope.all : scope.runs
  return <CurvesAlong {...rest} fields={fields} field={field} shown={shown} />
}

type AlongProps = Pick<Props, 'measure' | 'average' | 'onView'> & {
  fields: readonly RunField[]
  field: RunField
  /** The runs of the scope that leaves the field open. */
  shown: readonly RunEntry[]
}

/** A part of its own, so that a page which draws between frames has one between the choice of runs and their intervals. */
function CurvesAlong({ shown, fields, field, measure, average, onView }: AlongProps) {
  const asked = useMemo(
    () => (measure === 'accuracy' ? shown.filter(({ scores }) => scores !== null) : []),
    [shown, measure]
  )
  const { answers, error } = useAnswers(asked)
  const counts = useMemo(
    () => countsText(filterSame(shown, (run) => measured(run, measure) !== null)),
    [shown, measure]
  )
  const picture = useMemo(() => {
    const curves = curvesAlong(shown, field, measure, average, answers)
    const traces = curves.flatMap(({ name, points }, index): Data[] => {
      const colour = categoryColour(index)
      const at = points.map((point) => point.at)
      const sure = points.flatMap(({ at: x, interval }) => (interval === null ? [] : [{ x, ...interval }]))
      return [
        {
          type: 'scatter',
          mode: 'lines',
          x: [...sure, ...sure.toReversed()].map(({ x }) => x),
          y: [...sure.map(({ high }) => high), ...sure.map(({ low }) => low).toReversed()],
          fill: 'toself',
          fillcolor: translucent(colour),
          line: { width: 0 },
          legendgroup: name,
          hoverinfo: 'skip',
          showlegend: false
        },
        {
          type: 'scatter',
          mode: 'lines+markers',
          name,
          x: at,
          y: points.map(({ mean }) => mean),
          text: points.map(({ count }) => `N ${count}`),
          line: { color: colour },
          marker: { symbol: index, size: 8 },
          hovertemplate: `%{x}: %{y:${measure === 'accuracy' ? '.1%' : '.3f'}}, %{text}<extra>%{fullData.name}</extra>`
        }
      ]
    })
    return {
      traces,
      layout: {
        xaxis: { title: { text: field.title } },
        yaxis: { title: { text: measure }, ...axisFormat[measure] },
        showlegend: true
      },
      table: {
        columns: ['sources and target', field.title, `mean ${measure}`, '95 % low', '95 % high', 'N'],
        rows: curves.flatMap(({ name, points }) =>
          points.map(({ at, mean, interval, count }) => [
            name,
            at,
            mean,
            interval?.low ?? null,
            interval?.high ?? null,
            count
          ])
        )
      }
    }
  }, [shown, field, measure, average, answers])
  return (
    <>
      {error !== null && <ErrorReport error={error} />}
      <Chart
        title={`${measure === 'accuracy' ? 'Accuracy' : 'Matching'} along ${field.title}`}
        summary={`Mean over relations and seeds, ${measure === 'accuracy' ? countedOnce[average] : 'each run once'}, the other settings as chosen above; ${measure === 'accuracy' ? 'the band is its 95 % bootstrap interval over examples, all seeds of one together' : 'the band is its 95 % bootstrap interval over relations, all seeds of one together'}. ${counts}`}
        height={380}
        controls={
          <Select
            size="xs"
            w={190}
            allowDeselect={false}
            aria-label="Along"
            data={fields.map(({ key, title }) => ({ value: key, label: title }))}
            value={field.key}
            onChange={(value) => onView({ along: value })}
          />
        }
        {...picture}
      />
    </>
  )
}
