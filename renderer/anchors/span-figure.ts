/**
 * What the first anchors of a set span, against their number: above, the share of the vocabulary's variance; below, rank and
 * effective rank as shares of the width. A line per model, named at its end.
 */
import type { Data, Layout } from 'plotly.js'
import type { AnchorSpan } from '#engine/common/contract/anchors.ts'
import { count } from '#engine/common/format/count.ts'
import type { TableData } from '#engine/common/format/table.ts'
import type { ModelMark } from '#renderer/connection/model-marks.ts'
import { shortNames } from '#renderer/figures/short-names.ts'

type ModelSpan = AnchorSpan['models'][number]

export const spanHeight = 460
/** Shares of the height of the frame that the panels take: coverage above, rank below. */
const panels = { coverage: [0.57, 1], rank: [0, 0.44] } as const
/** A line of a label, as a share of what the axis of its panel shows. */
const labelHeight = 15 / ((spanHeight - 60) * (panels.rank[1] - panels.rank[0]))
const [letterWidth, longestName] = [6.6, 18]
/** How far the axis goes beyond the last anchors, and where the markers of the labels stand there. */
const beyond = { axis: 1.5, marker: 1.35 } as const

/**
 * Values from 0 to 1 moved apart until each is at least so far from the next: up as far as they must, and down again from 1.
 * @returns in the order given
 */
export function spreadLabels(values: readonly number[], least: number): number[] {
  const places = values.map((value, index) => ({ at: value, index })).toSorted((a, b) => a.at - b.at)
  let floor = 0
  for (const place of places) {
    place.at = Math.max(place.at, floor)
    floor = place.at + least
  }
  let ceiling = 1
  for (const place of places.toReversed()) {
    place.at = Math.min(place.at, ceiling)
    ceiling = place.at - least
  }
  return places.toSorted((a, b) => a.index - b.index).map(({ at }) => at)
}

function tracesOf({ name, width, points }: ModelSpan, { colour, symbol }: ModelMark): Data[] {
  const x = points.map(({ anchors }) => anchors)
  const trace = (y: number[], text: string[], axis: 'y' | 'y2', isDotted: boolean): Data => ({
    type: 'scatter',
    mode: 'lines+markers',
    name,
    x,
    y,
    text,
    yaxis: axis,
    line: { color: colour, width: 1.5, dash: isDotted ? 'dot' : 'solid' },
    marker: { color: colour, symbol, size: isDotted ? 5 : 7 },
    hovertemplate: '%{x:,} anchors: %{text}<extra>%{fullData.name}</extra>'
  })
  return [
    trace(
      points.map(({ coverage }) => coverage),
      points.map(({ coverage }) => `${(100 * coverage).toFixed(1)} % of the variance`),
      'y',
      false
    ),
    trace(
      points.map(({ rank }) => rank / width),
      points.map(({ rank }) => `rank ${count(rank)} of ${count(width)}`),
      'y2',
      false
    ),
    trace(
      points.map(({ effectiveRank }) => effectiveRank / width),
      points.map(({ effectiveRank }) => `effective rank ${effectiveRank.toFixed(1)} of ${count(width)}`),
      'y2',
      true
    )
  ]
}

/** Where the lines end, the name of each model with its marker, which lie apart where the ends do not. */
function labelsOf({ anchors, models }: AnchorSpan, markOf: (name: string) => ModelMark) {
  const names = shortNames(
    models.map(({ name }) => name),
    longestName
  )
  const ends = models.map(({ points, width }) => (points.at(-1)?.effectiveRank ?? 0) / width)
  const places = spreadLabels(ends, Math.min(labelHeight, 1 / models.length))
  const markers: Data = {
    type: 'scatter',
    mode: 'markers',
    x: models.map(() => beyond.marker * anchors),
    y: places,
    yaxis: 'y2',
    marker: {
      color: models.map(({ name }) => markOf(name).colour),
      symbol: models.map(({ name }) => markOf(name).symbol),
      size: 7
    },
    hoverinfo: 'skip'
  }
  const texts = models.map(({ name }, index) => ({
    xref: 'paper' as const,
    yref: 'y2' as const,
    x: 1,
    y: places[index] ?? 0,
    xanchor: 'left' as const,
    yanchor: 'middle' as const,
    text: names[index] ?? name,
    showarrow: false
  }))
  return { markers, texts, width: letterWidth * Math.max(...names.map(({ length }) => length)) }
}

function heading(text: string, y: number) {
  const at = { xref: 'paper', yref: 'paper', x: 0, y, xanchor: 'left', yanchor: 'bottom' } as const
  return { ...at, text, showarrow: false }
}

export function spanPicture(span: AnchorSpan, markOf: (name: string) => ModelMark) {
  // All of a panel before the next: arrow keys go from model to model within one.
  const byModel = span.models.map((model) => tracesOf(model, markOf(model.name)))
  const lines = [0, 1, 2].flatMap((panel) => byModel.flatMap((own) => own[panel] ?? []))
  const { markers, texts, width } = labelsOf(span, markOf)
  const share = { tickformat: '.0%', range: [0, 1.05], fixedrange: true }
  const layout: Partial<Layout> = {
    margin: { l: 52, r: 16 + width, t: 24, b: 40 },
    xaxis: {
      title: { text: 'Number of anchors, the first of the set’s order' },
      type: 'log',
      range: [Math.log10(1.8), Math.log10(beyond.axis * span.anchors)],
      anchor: 'y2',
      fixedrange: true,
      exponentformat: 'none'
    },
    yaxis: { ...share, domain: [...panels.coverage] },
    yaxis2: { ...share, domain: [...panels.rank] },
    annotations: [
      heading('Coverage: share of the vocabulary’s variance', 1.005),
      heading('Rank ÷ width (line), effective rank ÷ width (dotted)', panels.rank[1] + 0.01),
      ...texts
    ]
  }
  return { traces: [...lines, markers], layout }
}

/** What the figure says, with what was counted. */
export function spanSummary({ anchors, models }: AnchorSpan): string {
  const tokens = models.map(({ tokens: drawn }) => drawn)
  const [least, most] = [Math.min(...tokens), Math.max(...tokens)]
  const drawn = least === most ? count(most) : `${count(least)} to ${count(most)}`
  const short = models.filter(({ determinedBy }) => determinedBy === null)
  const enough = models.filter(({ determinedBy }) => determinedBy !== null)
  const reached = enough.map(
    ({ name, determinedBy }) => `${name} from ${count(determinedBy ?? 0)} anchors on`
  )
  const lacking = short.map(
    ({ name, width, points }) =>
      `${name} by none of ${count(anchors)} (rank ${count(points.at(-1)?.rank ?? 0)} of ${count(width)})`
  )
  return `Coverage: share of the variance of ${drawn} tokens of each model in the directions that the first anchors span, less their mean. A relative code determines the direction of a vector where rank is width: ${[...reached, ...lacking].join(', ')}.`
}

export function spanTable({ models }: AnchorSpan): TableData {
  return {
    columns: [
      'model',
      'width',
      'anchors',
      'coverage',
      'rank',
      'rank / width',
      'effective rank',
      'effective rank / width'
    ],
    rows: models.flatMap(({ name, width, points }) =>
      points.map(({ anchors, coverage, rank, effectiveRank }) => [
        name,
        width,
        anchors,
        coverage,
        rank,
        rank / width,
        effectiveRank,
        effectiveRank / width
      ])
    )
  }
}
