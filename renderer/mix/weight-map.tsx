/** Three sources: accuracy or matching over the triangle of their weights, filled in as it becomes known. */
import { SegmentedControl } from '@mantine/core'
import type { Data, Layout } from 'plotly.js'
import { useMemo, useState } from 'react'
import { categoryColour, sequentialScale } from '#engine/common/format/palette.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { cosine, percent } from '#renderer/components/numbers.ts'
import { Chart } from '#renderer/figures/chart.tsx'
import type { PickedPoint } from '#renderer/figures/plot.tsx'
import { mixturePoints, mixtureTable, sharesOf, type Weights } from './mixture-points.ts'
import { useSampled } from './use-sampled.ts'
import type { WeightPictureProps } from './weight-curve.tsx'

type Shown = 'matching' | 'accuracy'

function valueText(value: number, shown: Shown): string {
  return shown === 'matching' ? cosine(value) : percent(value)
}

/** The corners `[a, b, c]` of weights as plotly names them. */
function corners(weights: readonly Weights[]) {
  return {
    a: weights.map(([first]) => first ?? 0),
    b: weights.map(([, second]) => second ?? 0),
    c: weights.map(([, , third]) => third ?? 0)
  }
}

/** The scale of a map. */
type Range = readonly [low: number, high: number]

/** A scale of matching is at least so long: a spread of a thousandth is to look like none. */
const leastMatchingRange = 0.1

/** All of accuracy, which means the same on every map; of matching the part that there is. */
function rangeOf(values: readonly (number | null)[], shown: Shown): Range {
  const known = values.filter((value) => value !== null)
  if (shown === 'accuracy' || known.length === 0) return [0, 1]
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const missing = Math.max(0, leastMatchingRange - (high - low)) / 2
  return [low - missing, high + missing]
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
  const range = rangeOf(values, shown)
  const map = {
    type: 'scatterternary' as const,
    mode: 'markers' as const,
    cliponaxis: false,
    ...corners(weights),
    text: values.map((value) => (value === null ? 'not known yet' : valueText(value, shown))),
    hovertemplate: '%{a:.2f}, %{b:.2f}, %{c:.2f}: %{text}<extra></extra>',
    marker: {
      // What was not asked is no datum: a small ring.
      size: values.map((value) => (value === null ? 6 : 26)),
      symbol: values.map((value) => (value === null ? 'circle-open' : 'hexagon')),
      color: values.map((value) => value ?? range[0]),
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
      range: [...rangeOf(values, shown)],
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

/** What the map says in a sentence. Matching over weights is highest at a corner always, which says nothing of quality. */
function describeMap(names: readonly string[], { weights, values, shown }: WeightValues): string {
  if (shown === 'matching')
    return 'Over weights, matching is always highest at a single source: it says nothing of how well a mixture does.'
  const known = weights.flatMap((at, index) => {
    const value = values[index] ?? null
    return value === null ? [] : [{ at, value }]
  })
  const [best] = known.toSorted((a, b) => b.value - a.value)
  if (best === undefined) return 'Nothing is known yet.'
  const place = names.map((name, index) => `${name} ${best.at[index]?.toFixed(2)}`).join(', ')
  return `Highest accuracy ${percent(best.value)} at ${place}: the best of ${known.length} on the same few examples, so too high by chance.`
}

export function WeightMap({ solved, names, weights, sample, onPick }: WeightPictureProps) {
  const [wanted, setWanted] = useState<Shown>('accuracy')
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
        summary={`${describeMap(names, map)}${progress} Click to apply weights.`}
        table={mixtureTable(names, points, accuracies)}
        controls={
          <SegmentedControl
            size="xs"
            aria-label="Coloured by"
            disabled={sample === null}
            data={[
              { value: 'accuracy', label: 'Accuracy' },
              { value: 'matching', label: 'Matching' }
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
