/** The triangle of three sources' weights, with a value at every point that has one. */
import type { Data, Layout } from 'plotly.js'
import { categoryColour, sequentialScale } from '#engine/common/format/palette.ts'
import type { ValueRange } from '#renderer/figures/value-range.ts'
import type { Weights } from './mixture-points.ts'

/** The corners `[a, b, c]` of weights as plotly names them. */
function corners(weights: readonly Weights[]) {
  return {
    a: weights.map(([first]) => first ?? 0),
    b: weights.map(([, second]) => second ?? 0),
    c: weights.map(([, , third]) => third ?? 0)
  }
}

export type TernaryMap = {
  readonly weights: readonly Weights[]
  /** Null where there is none. */
  readonly values: readonly (number | null)[]
  readonly measure: 'matching' | 'accuracy'
  /** Of the colours. */
  readonly range: ValueRange
  /** What a point without a value is. */
  readonly unknown: string
  readonly valueText: (value: number) => string
}

const scaleSteps = 40

/**
 * The colours of the scale as a pile of bars beside the triangle: plotly's own colour bar sets style attributes,
 * which the policy of the page refuses.
 */
function scaleTrace([low, high]: ValueRange): Data {
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

/** @param mark weights with a ring around them; null: none */
export function ternaryTraces(
  { weights, values, range, unknown, valueText }: TernaryMap,
  mark: Weights | null
): Data[] {
  const map = {
    type: 'scatterternary' as const,
    mode: 'markers' as const,
    cliponaxis: false,
    ...corners(weights),
    text: values.map((value) => (value === null ? unknown : valueText(value))),
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
  const ring = {
    type: 'scatterternary' as const,
    mode: 'markers' as const,
    cliponaxis: false,
    ...corners(mark === null ? [] : [mark]),
    hoverinfo: 'skip' as const,
    marker: { size: 32, symbol: 'circle-open' as const, color: categoryColour(3), line: { width: 3 } }
  }
  return [map, ring, scaleTrace(range)]
}

export function ternaryLayout(
  [a = '', b = '', c = '']: readonly string[],
  { range, measure }: TernaryMap
): Partial<Layout> {
  const axis = (name: string) => ({ title: { text: name }, min: 0, tickformat: '.1f', nticks: 5 })
  return {
    ternary: { sum: 1, domain: { x: [0, 0.86] }, aaxis: axis(a), baxis: axis(b), caxis: axis(c) },
    xaxis: { domain: [0.95, 0.98], visible: false, fixedrange: true },
    yaxis: {
      side: 'right',
      range: [...range],
      fixedrange: true,
      showgrid: false,
      nticks: 6,
      title: { text: measure === 'matching' ? 'Matching' : 'Accuracy' },
      tickformat: measure === 'matching' ? '.3f' : '.0%'
    },
    bargap: 0,
    margin: { l: 50, r: 70, t: 40, b: 50 }
  }
}
