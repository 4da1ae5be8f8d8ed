/** Lines of accuracy and matching, one above the other over a common axis. */
import type { Data, Layout, Shape } from 'plotly.js'
import { categoryColour } from '#engine/common/format/palette.ts'
import { percent } from '#renderer/components/numbers.ts'
import type { Accuracy } from './mixture-points.ts'

export type CurvePoint = {
  readonly at: number
  readonly matching: number
  readonly accuracy: Accuracy | null
}

/** Traces in the order: matching, accuracy; points in the order given. */
export function curveTraces(points: readonly CurvePoint[], hasTask: boolean): Data[] {
  const matching: Data = {
    type: 'scatter',
    mode: 'lines+markers',
    name: 'Matching',
    x: points.map(({ at }) => at),
    y: points.map(({ matching: value }) => value),
    line: { color: categoryColour(0) },
    hovertemplate: '%{y:.3f} at %{x:.3~g}<extra>matching</extra>'
  }
  if (!hasTask) return [matching]
  const accuracy: Data = {
    type: 'scatter',
    mode: 'lines+markers',
    name: 'Accuracy',
    x: points.map(({ at }) => at),
    y: points.map(({ accuracy: known }) => known?.accuracy ?? null),
    yaxis: 'y2',
    line: { color: categoryColour(5) },
    error_y: {
      type: 'data',
      symmetric: false,
      array: points.map(({ accuracy: known }) => (known === null ? 0 : known.high - known.accuracy)),
      arrayminus: points.map(({ accuracy: known }) => (known === null ? 0 : known.accuracy - known.low)),
      thickness: 1,
      width: 2
    },
    hovertemplate: '%{y:.1%} at %{x:.3~g}<extra>accuracy</extra>'
  }
  return [matching, accuracy]
}

function markAt(x: number): Partial<Shape> {
  const line = { color: categoryColour(3), dash: 'dot' as const, width: 2 }
  return { type: 'line', x0: x, x1: x, yref: 'paper', y0: 0, y1: 1, line }
}

/** A frame for `curveTraces`; a dotted line marks where the sliders are, where they are on the axis. */
export function curveLayout(
  axis: Partial<Layout['xaxis']>,
  mark: number | null,
  hasTask: boolean
): Partial<Layout> {
  return {
    xaxis: { ...axis, anchor: hasTask ? 'y2' : 'y' },
    yaxis: { title: { text: 'Matching' }, domain: hasTask ? [0.56, 1] : [0, 1] },
    ...(hasTask && { yaxis2: { title: { text: 'Accuracy' }, domain: [0, 0.44], tickformat: '.0%' } }),
    shapes: mark === null ? [] : [markAt(mark)]
  }
}

/** Points that have an accuracy, the best first. */
function known(points: readonly CurvePoint[]): { at: number; accuracy: Accuracy }[] {
  return points
    .flatMap(({ at, accuracy }) => (accuracy === null ? [] : [{ at, accuracy }]))
    .toSorted((a, b) => b.accuracy.accuracy - a.accuracy.accuracy)
}

/** What a curve says in a sentence; `name` says what a place on its axis is. */
export function describeCurve(points: readonly CurvePoint[], name: (at: number) => string): string {
  const [best] = known(points)
  if (best === undefined) return ''
  const { accuracy, examples } = best.accuracy
  return `Highest accuracy ${percent(accuracy)} (N = ${examples}) at ${name(best.at)}: the best of ${known(points).length} on the same few examples.`
}
