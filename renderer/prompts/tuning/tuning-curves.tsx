/** The training loss of a tuning and what its validations came to, step by step. */

import type { Data, Layout } from 'plotly.js'
import { useMemo } from 'react'
import { categoryColour } from '#engine/common/format/palette.ts'
import type { CurvePoint } from '#renderer/connection/live-curves.ts'
import { Chart } from '#renderer/figures/chart.tsx'

/** What is asked of the vectors along the way: its name, and what to say where nothing was. */
type Measured = { readonly name: string; readonly missing: string }

export const validationAccuracy: Measured = {
  name: 'validation accuracy',
  missing: 'Loss on training examples; there is no dev split to validate on.'
}

/** Of a refinement without labels. */
export const agreement: Measured = {
  name: 'agreement with the sources',
  missing: 'Loss against the answers of the sources; the inputs are too few to hold some out.'
}

type Props = {
  loss: readonly CurvePoint[]
  validations: readonly CurvePoint[]
  /** The step whose vectors are the prompt; null while that is open. */
  chosenStep: number | null
  title?: string
  measured?: Measured
}

const height = 260

/** More points than a figure has pixels tell nothing, and keep the page busy while a curve grows. */
const mostDrawn = 1000

/** Points at even distances, the first and the last among them. */
function drawnOf(points: readonly CurvePoint[]): readonly CurvePoint[] {
  const apart = Math.ceil(points.length / mostDrawn)
  return apart <= 1 ? points : points.filter((_, at) => at % apart === 0 || at === points.length - 1)
}

export function TuningCurves({
  loss,
  validations,
  chosenStep,
  title = 'Tuning',
  measured = validationAccuracy
}: Props) {
  const { name } = measured
  const traces = useMemo<Data[]>(() => {
    const [drawnLoss, drawnValidations] = [drawnOf(loss), drawnOf(validations)]
    return [
      {
        type: 'scatter',
        mode: 'lines',
        name: 'loss',
        x: drawnLoss.map(({ step }) => step),
        y: drawnLoss.map(({ value }) => value),
        line: { color: categoryColour(0), width: 1.5 },
        hovertemplate: 'step %{x}: loss %{y:.4f}<extra></extra>'
      },
      {
        type: 'scatter',
        mode: 'lines+markers',
        name,
        x: drawnValidations.map(({ step }) => step),
        y: drawnValidations.map(({ value }) => value),
        yaxis: 'y2',
        line: { color: categoryColour(1), width: 2 },
        marker: { size: 6 },
        hovertemplate: `step %{x}: ${name} %{y:.3f}<extra></extra>`
      }
    ]
  }, [loss, validations, name])
  const layout = useMemo<Partial<Layout>>(
    () => ({
      showlegend: true,
      margin: { l: 56, r: 56, t: 8, b: 44 },
      xaxis: { title: { text: 'step' }, rangemode: 'tozero' },
      yaxis: { title: { text: 'loss' }, rangemode: 'tozero' },
      yaxis2: {
        title: { text: name },
        overlaying: 'y',
        side: 'right',
        range: [0, 1.06],
        showgrid: false
      },
      shapes:
        chosenStep === null
          ? []
          : [
              {
                type: 'line',
                x0: chosenStep,
                x1: chosenStep,
                y0: 0,
                y1: 1,
                yref: 'paper',
                line: { dash: 'dot', width: 1.5, color: categoryColour(5) }
              }
            ]
    }),
    [chosenStep, name]
  )
  const accuracyAt = new Map(validations.map(({ step, value }) => [step, value]))
  const lossAt = new Map(loss.map(({ step, value }) => [step, value]))
  const steps = [...new Set([...accuracyAt.keys(), ...lossAt.keys()])].sort((a, b) => a - b)
  const best = validations.reduce((most, { value }) => Math.max(most, value), 0)
  return (
    <Chart
      title={title}
      summary={
        validations.length === 0
          ? measured.missing
          : `Best ${name} ${best.toFixed(3)}${chosenStep === null ? '' : `; the dotted line is the chosen step, ${chosenStep}`}.`
      }
      height={height}
      traces={traces}
      layout={layout}
      table={{
        columns: ['step', 'loss', name],
        rows: steps.map((step) => [step, lossAt.get(step) ?? null, accuracyAt.get(step) ?? null])
      }}
    />
  )
}
