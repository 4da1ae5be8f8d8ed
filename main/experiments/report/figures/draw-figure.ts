/**
 * Draws a figure as static SVG with Vega-Lite: without a browser, a canvas or the network, and the same for the same
 * definition. Both libraries are loaded with the first figure that is drawn, since few commands draw any.
 */
import type { TopLevelSpec } from 'vega-lite'
import {
  axisTitle,
  type CategoryAxis,
  type FigureDefinition,
  type NumberAxis,
  seriesLabels
} from '#engine/common/format/figure.ts'
import { categoryColour } from '#engine/common/format/palette.ts'
import { escapeMarkup, textElement } from '../markup.ts'

/** In the colours of the page around it, or black on white for a file of its own. */
export type Surroundings = 'page' | 'paper'

type LayeredSpec = Extract<TopLevelSpec, { layer: unknown }>
type Layer = LayeredSpec['layer'][number]
type Encoding = NonNullable<LayeredSpec['encoding']>
type Config = NonNullable<TopLevelSpec['config']>

/** Sizes of a plot between its axes, in pixels. */
const onePlot = { width: 540, height: 225 }
const plotOfSeveral = { width: 230, height: 165 }
const panelsPerRow = 3
/** About so many steps of an axis, which ends at round numbers because both its ends and its ticks are chosen for it. */
const steps = 5

/** In every system and editor, or replaced there by a font of the same widths. */
const font = 'Helvetica, Arial, Liberation Sans, sans-serif'
const fontSize = 12
/** What Vega reckons for a character where it can't measure text; letters are narrower. */
const characterWidth = 0.8 * fontSize

/** Series are told apart by shape as well as by colour. */
const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down', 'cross'] as const

/** The title of one panel of several, in lines about as wide as the plot. */
function panelTitle(title: string | null): string {
  return (title ?? '').replaceAll(/(?!.{1,28}$)(.{1,28})\s/g, '$1\n')
}

/** A row per point; `place` is its place in its series. */
function rowsOf({ panels }: FigureDefinition) {
  return panels.flatMap(({ title, series }) =>
    series.flatMap(({ label, points }) =>
      points.map(({ x, y, interval }, place) => ({
        panel: panelTitle(title),
        series: label,
        place,
        x,
        y,
        low: interval?.low ?? null,
        high: interval?.high ?? null
      }))
    )
  )
}

function xEncoding(axis: NumberAxis | CategoryAxis, width: number): Encoding['x'] {
  const title = axisTitle(axis)
  if (!('categories' in axis)) {
    const scale = { zero: false, nice: steps, reverse: axis.reversed === true }
    return {
      field: 'x',
      type: 'quantitative',
      title,
      scale,
      axis: { grid: false, tickCount: steps, labelFlush: false }
    }
  }
  const { categories } = axis
  const longest = Math.max(0, ...categories.map(({ length }) => length))
  const turned = longest * characterWidth > width / categories.length
  return {
    field: 'x',
    type: 'nominal',
    title,
    scale: { domain: [...categories] },
    axis: { grid: false, labelAngle: turned ? -30 : 0, labelOverlap: false }
  }
}

/** The layers of a plot, lowest first. Vega leaves out the error bars of points without an interval. */
function layersOf({ marks, y }: FigureDefinition, labels: string[], ink: string): Layer[] {
  const title = axisTitle(y)
  const height = {
    field: 'y',
    type: 'quantitative',
    title,
    scale: { zero: marks === 'bars', nice: steps },
    axis: { tickCount: steps }
  } as const
  const side = { field: 'series', scale: { domain: labels } }
  const shape = {
    field: 'series',
    type: 'nominal',
    title: null,
    scale: {
      domain: [...labels],
      range: labels.map((_, index) => shapes[index % shapes.length] ?? shapes[0])
    }
  } as const
  const intervals: Layer = {
    mark: { type: 'errorbar', ticks: { size: 5 }, ...(marks === 'bars' ? { color: ink } : {}) },
    encoding: {
      y: { ...height, field: 'low' },
      y2: { field: 'high' },
      ...(marks === 'bars' ? { xOffset: side, color: { value: ink }, detail: { field: 'series' } } : {})
    }
  }
  const points: Layer = {
    mark: { type: 'point', filled: true, opacity: 1, size: 45 },
    encoding: { y: height, shape }
  }
  switch (marks) {
    case 'lines': {
      const order = { field: 'place', type: 'quantitative' } as const
      return [{ mark: { type: 'line', strokeWidth: 1.6 }, encoding: { y: height, order } }, intervals, points]
    }
    case 'points':
      return [intervals, points]
    case 'bars':
      return [{ mark: 'bar', encoding: { y: height, xOffset: side } }, intervals]
  }
}

/** Text is never cut, and nothing names the parts of the drawing: its title and data do. */
function configOf(ink: string): Config {
  const text = {
    labelColor: ink,
    titleColor: ink,
    labelFontSize: fontSize,
    titleFontSize: fontSize,
    labelLimit: 0
  }
  return {
    aria: false,
    mark: { aria: false },
    lineBreak: '\n',
    font,
    axis: {
      ...text,
      titleLimit: 0,
      titleFontWeight: 'normal',
      domainColor: ink,
      tickColor: ink,
      gridColor: ink,
      gridOpacity: 0.15
    },
    header: { ...text, labelFontWeight: 600, title: null },
    legend: { ...text, title: null, orient: 'top', symbolOpacity: 1 },
    view: { stroke: null }
  }
}

function specOf(figure: FigureDefinition, surroundings: Surroundings): TopLevelSpec {
  const labels = seriesLabels(figure)
  const ink = surroundings === 'paper' ? '#1a1a1a' : 'currentColor'
  const size = figure.panels.length > 1 ? plotOfSeveral : onePlot
  const columns = Math.min(panelsPerRow, figure.panels.length)
  const longest = Math.max(0, ...labels.map(({ length }) => length))
  const entries = Math.floor((columns * size.width) / (characterWidth * longest + 30))
  const plot = {
    ...size,
    encoding: {
      x: xEncoding(figure.x, size.width),
      color: {
        field: 'series',
        type: 'nominal',
        scale: { domain: labels, range: labels.map((_, index) => categoryColour(index)) },
        legend: { columns: Math.max(1, entries) }
      }
    },
    layer: layersOf(figure, labels, ink)
  } as const
  const common = {
    data: { values: rowsOf(figure) },
    background: surroundings === 'paper' ? '#ffffff' : 'transparent',
    padding: 8,
    config: configOf(ink)
  }
  if (figure.panels.length === 1) return { ...common, ...plot }
  return {
    ...common,
    facet: { field: 'panel', type: 'nominal', sort: figure.panels.map(({ title }) => panelTitle(title)) },
    columns,
    spec: plot,
    resolve: { axis: { x: 'independent', y: 'independent' } }
  }
}

/** Names the drawing as a whole by the title of its figure, for those who don't see it. */
function withTitle(svg: string, title: string): string {
  return svg.replace(
    /^<svg([^>]*)>/,
    (_, attributes) =>
      `<svg role="img" aria-label="${escapeMarkup(title)}"${attributes}>${textElement('title', {}, title)}`
  )
}

/** The figure as an `<svg>` element. */
export async function drawFigure(figure: FigureDefinition, surroundings: Surroundings): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
  const { spec } = vegaLite.compile(specOf(figure, surroundings))
  const view = new vega.View(vega.parse(spec), { renderer: 'none' })
  const svg = await view.toSVG()
  view.finalize()
  return withTitle(svg, figure.title)
}
