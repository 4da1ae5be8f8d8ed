/** Three sources: matching or accuracy over the triangle of their weights, filled in as it becomes known. */
import { SegmentedControl } from '@mantine/core'
import type { Data, Layout } from 'plotly.js'
import { useMemo, useState } from 'react'
import { categoryColour, sequentialScale } from '#engine/common/format/palette.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { percent } from '#renderer/components/numbers.ts'
import { Chart } from '#renderer/figures/chart.tsx'
import type { PickedPoint } from '#renderer/figures/plot.tsx'
import { mixturePoints, mixtureTable, sharesOf, type Weights } from './mixture-points.ts'
import { useSampled } from './use-sampled.ts'
import type { WeightPictureProps } from './weight-curve.tsx'

type Shown = 'matching' | 'accuracy'

function valueText(value: number, shown: Shown): string {
  return shown === 'matching' ? value.toFixed(4) : percent(value)
}

/** The corners `[a, b, c]` of weights as plotly names them. */
function corners(weights: readonly Weights[]) {
  return {
    a: weights.map(([first]) => first ?? 0),
    b: weights.map(([, second]) => second ?? 0),
    c: weights.map(([, , third]) => third ?? 0)
  }
}

/** The scale of a map: from its lowest to its highest known value, or any where none is known. */
type Range = readonly [low: number, high: number]

function rangeOf(values: readonly (number | null)[]): Range {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return [0, 1]
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return low < high ? [low, high] : [low - 0.01, high + 0.01]
}

const scaleSteps = 40

/**
 * The colours of the scale as a pile of bars beside the triangle: plotly's own colour bar sets style attributes,
 * which the policy of the page refuses.
 */
function scaleTrace([low, high]: Range): Data {
  const step = (high - low) / scaleSteps
  const bases = Array.from({ length: scaleSteps }, (_, index) => low + index * step)
  const bars = {
    type: 'bar' as const,
    x: bases.map(() => 0),
    y: bases.map(() => step),
    base: bases,
    hoverinfo: 'skip' as const,
    marker: { color: bases, colorscale: sequentialScale, line: { width: 0 } }
  }
  return bars
}

type WeightValues = {
  readonly weights: readonly Weights[]
  readonly values: readonly (number | null)[]
  readonly shown: Shown
}

function mapTraces({ weights, values, shown }: WeightValues, mark: Weights): Data[] {
  const range = rangeOf(values)
  const map = {
    type: 'scatterternary' as const,
    mode: 'markers' as const,
    cliponaxis: false,
    ...corners(weights),
    text: values.map((value) => (value === null ? 'not known yet' : valueText(value, shown))),
    hovertemplate: '%{a:.2f}, %{b:.2f}, %{c:.2f}: %{text}<extra></extra>',
    marker: {
      size: 26,
      symbol: 'hexagon' as const,
      color: values.map((value) => value ?? Number.NaN),
      colorscale: sequentialScale,
      cmin: range[0],
      cmax: range[1]
    }
  }
  const sliders = {
    type: 'scatterternary' as const,
    mode: 'markers' as const,
    cliponaxis: false,
    ...corners([mark]),
    hoverinfo: 'skip' as const,
    marker: { size: 32, symbol: 'circle-open' as const, color: categoryColour(3), line: { width: 3 } }
  }
  return [map, sliders, scaleTrace(range)]
}

function mapLayout(
  [a = '', b = '', c = '']: readonly string[],
  { values, shown }: WeightValues
): Partial<Layout> {
  const axis = (name: string) => ({ title: { text: name }, min: 0, tickformat: '.1f', nticks: 5 })
  return {
    ternary: { sum: 1, domain: { x: [0, 0.86] }, aaxis: axis(a), baxis: axis(b), caxis: axis(c) },
    xaxis: { domain: [0.95, 0.98], visible: false, fixedrange: true },
    yaxis: {
      side: 'right',
      range: [...rangeOf(values)],
      fixedrange: true,
      showgrid: false,
      nticks: 6,
      title: { text: shown === 'matching' ? 'Matching' : 'Accuracy' },
      tickformat: shown === 'matching' ? '.3f' : '.0%'
    },
    bargap: 0,
    margin: { l: 50, r: 70, t: 40, b: 50 }
  }
}

/** Where the map is highest, in a sentence. */
function describeMap(names: readonly string[], { weights, values, shown }: WeightValues): string {
  const known = weights.flatMap((at, index) => {
    const value = values[index] ?? null
    return value === null ? [] : [{ at, value }]
  })
  const [best] = known.toSorted((a, b) => b.value - a.value)
  if (best === undefined) return 'Nothing is known yet.'
  const place = names.map((name, index) => `${name} ${best.at[index]?.toFixed(2)}`).join(', ')
  return `Highest ${shown} ${valueText(best.value, shown)} at ${place}.`
}

export function WeightMap({ solved, names, weights, sample, onPick }: WeightPictureProps) {
  const [wanted, setWanted] = useState<Shown>('matching')
  const shown = sample === null ? 'matching' : wanted
  const points = useMemo(() => mixturePoints(solved.basis, 3), [solved])
  const prompts = useMemo(() => points.map(({ mixture }) => mixture.prompt), [points])
  const asked = shown === 'accuracy' ? sample : null
  const { accuracies, isAsking, error } = useSampled(['map', solved.sides], solved.sides, prompts, asked)
  const values = useMemo(
    () =>
      points.map(({ matching }, index) =>
        shown === 'matching' ? matching : (accuracies[index]?.accuracy ?? null)
      ),
    [points, accuracies, shown]
  )
  const map = useMemo(
    () => ({ weights: points.map((point) => point.weights), values, shown }),
    [points, values, shown]
  )
  const traces = useMemo(() => mapTraces(map, sharesOf(weights)), [map, weights])
  const layout = useMemo(() => mapLayout(names, map), [names, map])
  const pick = ({ trace, point }: PickedPoint): void => {
    const picked = points[point]
    if (trace === 0 && picked !== undefined) onPick(picked.weights)
  }
  const progress = isAsking
    ? ` ${values.filter((value) => value !== null).length} of ${points.length} asked.`
    : ''
  return (
    <>
      <Chart
        title={`Weights of ${names.join(', ')}`}
        summary={`${describeMap(names, map)}${progress} Click a point to take its weights.`}
        table={mixtureTable(names, points, accuracies)}
        controls={
          <SegmentedControl
            size="xs"
            aria-label="Coloured by"
            disabled={sample === null}
            data={[
              { value: 'matching', label: 'Matching' },
              { value: 'accuracy', label: 'Accuracy' }
            ]}
            value={shown}
            onChange={setWanted}
          />
        }
        traces={traces}
        layout={layout}
        height={440}
        onPick={pick}
      />
      {error !== null && <ErrorReport error={error} />}
    </>
  )
}
