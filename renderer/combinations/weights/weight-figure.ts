/** Accuracy over the weights of a set: a line of two sources, a triangle of three, a profile of each of more. */
import type { Data, Layout } from 'plotly.js'
import { categoryColour } from '#engine/common/format/palette.ts'
import type { Interval } from '#engine/common/statistics/bootstrap.ts'
import { percent } from '#renderer/components/numbers.ts'
import type { ModelMark } from '#renderer/connection/model-marks.ts'
import type { ValueRange } from '#renderer/figures/value-range.ts'
import { sharesOf, type Weights } from '#renderer/mix/mixture-points.ts'
import { type TernaryMap, ternaryLayout, ternaryTraces } from '#renderer/mix/ternary.ts'
import type { Mixture, WeightedSet } from './weighted-sets.ts'

export type WeightFigure = {
  readonly traces: Data[]
  readonly layout: Partial<Layout>
  readonly height: number
}

/** A scale is at least so long: a difference of a point is to look like one. */
const leastRange = 0.2

function rangeOf(mixtures: readonly Mixture[]): ValueRange {
  const values = mixtures.flatMap(({ accuracy, interval }) => [
    accuracy,
    ...(interval === null ? [] : [interval.low, interval.high])
  ])
  const low = Math.max(0, Math.floor(20 * Math.min(...values)) / 20)
  const high = Math.min(1, Math.ceil(20 * Math.max(...values)) / 20)
  const rest = Math.max(0, leastRange - (high - low))
  return [Math.max(0, low - rest), Math.max(high, low - rest < 0 ? leastRange : 0)]
}

type Placed = Mixture & { readonly at: number }

/** In the order of the axis, with a gap where something was not run between two that were. */
function withGaps(points: readonly Placed[], missing: readonly number[]): (Placed | null)[] {
  return points
    .toSorted((a, b) => a.at - b.at)
    .flatMap((point, index, all) => {
      const before = all[index - 1]?.at ?? point.at
      return missing.some((at) => at > before && at < point.at) ? [null, point] : [point]
    })
}

function lineTrace(
  points: readonly Placed[],
  missing: readonly number[],
  name: string,
  { colour, symbol }: ModelMark
): Data {
  const shown = withGaps(points, missing)
  const end = (which: keyof Interval) => (point: Placed | null) =>
    Math.abs((point?.interval?.[which] ?? point?.accuracy ?? 0) - (point?.accuracy ?? 0))
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name,
    x: shown.map((point) => point?.at ?? null),
    y: shown.map((point) => point?.accuracy ?? null),
    line: { color: colour },
    marker: { symbol, size: 8 },
    error_y: {
      type: 'data',
      symmetric: false,
      array: shown.map(end('high')),
      arrayminus: shown.map(end('low')),
      thickness: 1,
      width: 2
    },
    hovertemplate: '%{y:.1%} at weight %{x:.2f}<extra>%{fullData.name}</extra>'
  }
}

/** What was not run: ticks on the axis, which have no height and so can't be taken for a result. */
function missingTrace(places: readonly number[], bottom: number): Data {
  return {
    type: 'scatter',
    mode: 'markers',
    name: 'not run',
    x: [...places],
    y: places.map(() => bottom),
    cliponaxis: false,
    marker: { symbol: 'line-ns-open', size: 9, color: '#868e96', line: { width: 1 } },
    hovertemplate: 'weight %{x:.2f}: not run<extra></extra>'
  }
}

function lineFigure({ mixtures, missing }: WeightedSet, members: readonly string[]): WeightFigure {
  const [first = '', second = ''] = members
  const range = rangeOf(mixtures)
  const points = mixtures.map((mixture) => ({ ...mixture, at: mixture.shares[1] ?? 0 }))
  const places = missing.map((weights) => sharesOf(weights)[1] ?? 0)
  return {
    traces: [
      lineTrace(points, places, 'accuracy', { colour: categoryColour(0), symbol: 0 }),
      missingTrace(places, range[0])
    ],
    layout: {
      xaxis: { title: { text: `Weight of ${second}; the rest is ${first}’s` }, range: [-0.03, 1.03] },
      yaxis: { title: { text: 'accuracy' }, tickformat: '.0%', range: [...range] },
      showlegend: false
    },
    height: 300
  }
}

function mapFigure({ mixtures, missing }: WeightedSet, members: readonly string[]): WeightFigure {
  const map: TernaryMap = {
    weights: [...mixtures.map(({ shares }) => shares), ...missing.map(sharesOf)],
    values: [...mixtures.map(({ accuracy }) => accuracy), ...missing.map(() => null)],
    measure: 'accuracy',
    range: rangeOf(mixtures),
    unknown: 'not run',
    valueText: percent
  }
  return { traces: ternaryTraces(map, null), layout: ternaryLayout(members, map), height: 420 }
}

/** Whether all sources but one have the same weight. */
function isOnProfile(shares: Weights, source: number): boolean {
  const others = shares.filter((_, index) => index !== source)
  return others.every((share) => Math.abs(share - (others[0] ?? 0)) < 1e-3)
}

function profileFigure(
  { mixtures, missing }: WeightedSet,
  members: readonly string[],
  markOf: (name: string) => ModelMark
): WeightFigure {
  const range = rangeOf(mixtures)
  const placesOf = (source: number): number[] =>
    missing
      .map(sharesOf)
      .filter((shares) => isOnProfile(shares, source))
      .map((shares) => shares[source] ?? 0)
  const traces = members.map((member, source) => {
    const points = mixtures
      .filter(({ shares }) => isOnProfile(shares, source))
      .map((mixture) => ({ ...mixture, at: mixture.shares[source] ?? 0 }))
    return lineTrace(points, placesOf(source), member, markOf(member))
  })
  const places = members.flatMap((_, source) => placesOf(source))
  return {
    traces: [...traces, missingTrace([...new Set(places)], range[0])],
    layout: {
      xaxis: { title: { text: 'Weight of one source; the others alike' }, range: [-0.03, 1.03] },
      yaxis: { title: { text: 'accuracy' }, tickformat: '.0%', range: [...range] },
      showlegend: true
    },
    height: 380
  }
}

/** @param set with at least one mixture that was run */
export function weightFigure(
  set: WeightedSet,
  members: readonly string[],
  markOf: (name: string) => ModelMark
): WeightFigure {
  switch (members.length) {
    case 2:
      return lineFigure(set, members)
    case 3:
      return mapFigure(set, members)
    default:
      return profileFigure(set, members, markOf)
  }
}
