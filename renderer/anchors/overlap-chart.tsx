/**
 * How the vocabularies overlap, as an UpSet picture (Lex et al. 2014): a bar per combination of models, and below it
 * dots for the models that hold exactly these words.
 */
import { Text } from '@mantine/core'
import type { Data, Layout } from 'plotly.js'
import { useMemo, useState } from 'react'
import type { VocabularyOverlap } from '#engine/common/contract/anchors.ts'
import { count } from '#engine/common/format/count.ts'
import { categoryColour } from '#engine/common/format/palette.ts'
import { Chart } from '#renderer/figures/chart.tsx'

/** Bars shown; smaller combinations are in the table alone. */
const barsShown = 20
const [barsHeight, rowHeight, frame] = [200, 22, 60]
const absent = 'rgba(128, 128, 128, 0.3)'

type Combination = VocabularyOverlap['combinations'][number]

function nameOf({ models }: Combination, all: VocabularyOverlap['models']): string {
  const names = models.map((index) => all[index]?.name ?? '')
  return names.length === all.length && all.length > 1 ? 'all models' : names.join(' + ')
}

function tracesOf({ models, combinations }: VocabularyOverlap): Data[] {
  const columns = combinations.map((_, at) => at)
  const places = columns.flatMap((x) => models.map((_, y) => ({ x, y })))
  const isHeld = ({ x, y }: { x: number; y: number }): boolean => combinations[x]?.models.includes(y) === true
  const dots = (shown: typeof places, color: string): Data => ({
    type: 'scatter',
    mode: 'markers',
    x: shown.map(({ x }) => x),
    y: shown.map(({ y }) => y),
    yaxis: 'y2',
    marker: { color, size: 10 },
    hoverinfo: 'skip'
  })
  const colour = categoryColour(0)
  return [
    {
      type: 'bar',
      x: columns,
      y: combinations.map(({ words }) => words),
      text: combinations.map(({ words }) => count(words)),
      textposition: 'outside',
      // As large above a narrow bar as above the others.
      constraintext: 'none',
      cliponaxis: false,
      marker: { color: colour },
      customdata: combinations.map((item) => `${nameOf(item, models)}<br>${item.examples.join(', ')}`),
      hovertemplate: '%{y} words: %{customdata}<extra></extra>'
    },
    dots(
      places.filter((place) => !isHeld(place)),
      absent
    ),
    {
      type: 'scatter',
      mode: 'lines',
      x: combinations.flatMap((_, x) => [x, x, null]),
      y: combinations.flatMap(({ models: held }) => [Math.min(...held), Math.max(...held), null]),
      yaxis: 'y2',
      line: { color: colour, width: 2 },
      hoverinfo: 'skip'
    },
    dots(places.filter(isHeld), colour)
  ]
}

function layoutOf({ models, combinations }: VocabularyOverlap, height: number): Partial<Layout> {
  const matrix = (models.length * rowHeight) / (height - frame)
  return {
    bargap: 0.35,
    margin: { l: 56, r: 16, t: 24, b: 12 },
    xaxis: {
      range: [-0.6, Math.max(combinations.length, 8) - 0.4],
      showticklabels: false,
      ticks: '',
      showgrid: false,
      zeroline: false,
      fixedrange: true
    },
    yaxis: { title: { text: 'words' }, domain: [matrix + 0.04, 1], fixedrange: true },
    yaxis2: {
      domain: [0, matrix],
      range: [models.length - 0.5, -0.5],
      tickvals: models.map((_, at) => at),
      ticktext: models.map(({ name, words }) => `${name} (${count(words)})`),
      showgrid: false,
      zeroline: false,
      automargin: true,
      fixedrange: true
    }
  }
}

export function OverlapChart({ overlap }: { overlap: VocabularyOverlap }) {
  const { models, combinations } = overlap
  const height = barsHeight + models.length * rowHeight + frame
  const [picked, setPicked] = useState<number | null>(null)
  const shown = useMemo(
    () => ({ models, combinations: combinations.slice(0, barsShown) }),
    [models, combinations]
  )
  const traces = useMemo(() => tracesOf(shown), [shown])
  const layout = useMemo(() => layoutOf(shown, height), [shown, height])
  const together = combinations.find(({ models: held }) => held.length === models.length)?.words ?? 0
  const more = combinations.length - shown.combinations.length
  const chosen = picked === null ? undefined : shown.combinations[picked]
  return (
    <>
      <Chart
        title="Overlap of the vocabularies"
        summary={`${count(together)} surfaces are in ${models.length === 1 ? 'the model' : `all ${models.length} models`}; each bar counts the words of exactly the models below it.${more > 0 ? ` ${count(more)} smaller combinations are in the table.` : ''}`}
        height={height}
        traces={traces}
        layout={layout}
        onPick={({ trace, point }) => {
          if (trace === 0) setPicked(point)
        }}
        table={{
          columns: ['models', 'words', 'examples'],
          rows: combinations.map((item) => [nameOf(item, models), item.words, item.examples.join(', ')])
        }}
      />
      <Text size="sm" role="status" className="breakable">
        {chosen === undefined
          ? 'Click a bar to see some of its words.'
          : `In ${nameOf(chosen, models)} alone: ${chosen.examples.join(', ')}${chosen.words > chosen.examples.length ? ', …' : ''}`}
      </Text>
    </>
  )
}
