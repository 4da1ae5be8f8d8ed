/** Draws a chart as SVG: panels with axes, marks, and a legend. Lines and words take the colour of the page. */
import { element, textElement } from '../markup.ts'
import { axes, type Box, type Scales } from './axes.ts'
import { type Chart, type Series, seriesLabels } from './chart.ts'
import { barMarks, lineMarks, marker, pointMarks } from './marks.ts'
import { makeScale } from './scale.ts'

const panel = { width: 300, height: 230, left: 52, right: 14, top: 26, bottom: 44 }
const widePanel = { ...panel, width: 620, height: 280, top: 12 }
const legendLine = 18
const panelsPerRow = 3
const font = 'system-ui, sans-serif'

/** The marks of a series among all. */
function seriesMarks(
  { kind, x }: Chart,
  series: Series,
  labels: readonly string[],
  scales: Scales,
  box: Box
): string {
  const index = labels.indexOf(series.label)
  switch (kind) {
    case 'lines':
      return lineMarks(series, scales.x, scales.y, index)
    case 'points':
      return pointMarks(series, scales.x, scales.y, index)
    case 'bars': {
      const width = (box.right - box.left) / (x.categories?.length ?? 1)
      return barMarks(series, scales.x, scales.y, index, { count: labels.length, width })
    }
  }
}

function panelTitle(heading: string, { left, right }: Box): string {
  return textElement(
    'text',
    { x: (left + right) / 2, y: 16, 'text-anchor': 'middle', 'font-weight': 600 },
    heading
  )
}

/** Entries of the legend in rows that fit the width; the markup and its height. */
function legend(labels: readonly string[], width: number): { markup: string; height: number } {
  let [x, y] = [12, 12]
  const entries = labels.map((label, index) => {
    const needed = 26 + 6.6 * label.length
    if (x > 12 && x + needed > width) [x, y] = [12, y + legendLine]
    const entry = marker(x, y - 4, index) + textElement('text', { x: x + 9, y }, label)
    x += needed
    return entry
  })
  return { markup: entries.join(''), height: y + 10 }
}

/**
 * The chart as an `<svg>` element.
 * @param standalone for a file of its own: black on white instead of the colours of the page around it
 */
export function drawChart(chart: Chart, title: string, standalone: boolean): string {
  const labels = seriesLabels(chart)
  const size = chart.panels.length === 1 ? widePanel : panel
  const columns = Math.min(panelsPerRow, chart.panels.length)
  const width = columns * size.width
  const slot = (size.width - size.left - size.right) / (chart.x.categories?.length ?? 1)
  const turned = (chart.x.categories ?? []).some((label) => 6.4 * label.length > slot)
  const panelHeight = size.height + (turned ? 42 : 0)
  const top = legend(labels, width)
  const points = chart.panels.flatMap(({ series }) => series.flatMap((one) => one.points))
  const heights = points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y])
  const drawn = chart.panels.map(({ title: heading, series }, index) => {
    const box = {
      left: size.left,
      right: size.width - size.right,
      top: size.top,
      bottom: size.height - size.bottom
    }
    const scales = {
      x: makeScale(
        chart.x,
        points.map(({ x }) => x),
        [box.left, box.right]
      ),
      y: makeScale(chart.y, heights, [box.bottom, box.top], chart.kind === 'bars' ? [0] : [])
    }
    const shift = `translate(${(index % columns) * size.width} ${top.height + Math.floor(index / columns) * panelHeight})`
    const drawnSeries = series.map((one) => seriesMarks(chart, one, labels, scales, box))
    return element(
      'g',
      { transform: shift },
      heading === null ? '' : panelTitle(heading, box),
      axes(chart, scales, box, turned),
      ...drawnSeries
    )
  })
  const height = top.height + Math.ceil(chart.panels.length / columns) * panelHeight
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': title,
      fill: 'currentColor',
      'font-family': font,
      'font-size': 12,
      color: standalone ? '#1a1a1a' : undefined
    },
    textElement('title', {}, title),
    standalone ? element('rect', { width, height, fill: '#ffffff' }) : '',
    top.markup,
    ...drawn
  )
}
