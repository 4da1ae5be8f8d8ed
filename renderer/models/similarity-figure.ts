/** Models against models as a heat map, in one of the measures of similarity; the limits of the colours are fixed. */
import type { Data, Layout } from 'plotly.js'
import type { Similarity } from '#engine/common/contract/similarity.ts'
import { count } from '#engine/common/format/count.ts'
import { divergingScale, sequentialScale } from '#engine/common/format/palette.ts'
import type { TableData } from '#engine/common/format/table.ts'

export const similarityMeasures = ['words', 'codes', 'alignment'] as const
export type SimilarityMeasure = (typeof similarityMeasures)[number]

type Pair = Similarity['pairs'][number]

type Measure = {
  readonly label: string
  readonly summary: string
  readonly limits: readonly [number, number]
  /** What the colour says; of a model and itself 1. */
  readonly value: (pair: Pair, similarity: Similarity) => number | null
  readonly text: (pair: Pair, value: number) => string
}

export const measures: Readonly<Record<SimilarityMeasure, Measure>> = {
  words: {
    label: 'Shared words',
    summary:
      'Words that begin a word and are one token in both, case folded; the colour is their share of the smaller vocabulary. Anchors come from these.',
    limits: [0, 1],
    value: ({ first, second, shared }, { models }) =>
      shared / Math.min(models[first]?.words ?? 1, models[second]?.words ?? 1),
    text: ({ shared }, value) => `${count(shared)}<br>${(100 * value).toFixed(0)} %`
  },
  codes: {
    label: 'Relative codes',
    summary:
      'Correlation of the relative codes (Eq. 3, centred) of the same words under the same anchors: what a transfer relies on. 0: unrelated.',
    limits: [-1, 1],
    value: ({ codes }) => codes,
    text: ({ compared, anchors }, value) => `${value.toFixed(3)}<br>${compared} × ${anchors}`
  },
  alignment: {
    label: 'CKA of the tables',
    summary:
      'Linear CKA of the embeddings of the same words, unbiased: 1 for tables that are the same up to rotation and scale, about 0 for unrelated ones.',
    limits: [0, 1],
    value: ({ alignment }) => alignment,
    text: ({ compared }, value) => `${value.toFixed(3)}<br>N ${compared}`
  }
}

/** The pair of two models, whatever their order. */
function pairOf({ pairs }: Similarity, row: number, column: number): Pair | undefined {
  const [first, second] = [Math.min(row, column), Math.max(row, column)]
  return pairs.find((pair) => pair.first === first && pair.second === second)
}

export function similarityPicture(similarity: Similarity, measure: SimilarityMeasure) {
  const { limits, value, text } = measures[measure]
  const [low, high] = limits
  const names = similarity.models.map(({ name }) => name)
  const cells = names.flatMap((y, row) =>
    names.map((x, column) => {
      const pair = pairOf(similarity, row, column)
      const shown = pair === undefined ? null : value(pair, similarity)
      return { x, y, shown, label: pair === undefined || shown === null ? '–' : text(pair, shown) }
    })
  )
  const isDiverging = low < 0
  const traces: Data[] = [
    {
      type: 'heatmap',
      x: names,
      y: names,
      z: names.map((_, row) =>
        cells.slice(row * names.length, (row + 1) * names.length).map(({ shown }) => shown)
      ),
      hovertemplate: '%{y} and %{x}: %{z:.3f}<extra></extra>',
      hoverongaps: false,
      xgap: 2,
      ygap: 2,
      zmin: low,
      zmax: high,
      colorscale: isDiverging ? divergingScale : sequentialScale,
      // The cells say their values.
      showscale: false
    }
  ]
  const layout: Partial<Layout> = {
    xaxis: { side: 'top', fixedrange: true },
    yaxis: { autorange: 'reversed', fixedrange: true },
    margin: { l: 120, r: 16, t: 48, b: 12 },
    annotations: cells.map(({ x, y, shown, label }) => {
      const place = shown === null ? null : (shown - low) / (high - low)
      const isOnDark = place !== null && (isDiverging ? Math.abs(place - 0.5) > 0.35 : place < 0.5)
      return {
        x,
        y,
        text: label,
        showarrow: false,
        ...(place === null ? {} : { font: { color: isOnDark ? '#ffffff' : '#000000' } })
      }
    })
  }
  return { traces, layout }
}

export function similarityTable({ models, pairs }: Similarity): TableData {
  return {
    columns: [
      'model',
      'other model',
      'shared words',
      'words compared',
      'anchors',
      'correlation of codes',
      'CKA'
    ],
    rows: pairs.map(({ first, second, shared, compared, anchors, codes, alignment }) => [
      models[first]?.name ?? '',
      models[second]?.name ?? '',
      shared,
      compared,
      anchors,
      codes,
      alignment
    ])
  }
}
