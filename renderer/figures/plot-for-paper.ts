/** A plotly picture as it is printed: always light, its letters 8 points high, and everything else in proportion. */
import type { Layout } from 'plotly.js'
import { decodeDataUrl } from './data-url.ts'
import { parseSvg } from './drawn-files.ts'
import { type Look, paperLook, screenLooks } from './look.ts'
import { framed, type PlotProps } from './plot.tsx'
import { styleAsAttributes } from './presentation-attributes.ts'

/** Points of paper for a pixel of the screen: letters of one are as high in the other. */
const scale = paperLook.size / screenLooks.light.size

const look: Look = { ...paperLook, size: screenLooks.light.size, unit: 'px' }

/** The legend above the data, as on the screen: beside them it would take half of a column. */
const legend: Partial<Layout['legend']> = {
  orientation: 'h',
  x: 0,
  xanchor: 'left',
  y: 1.02,
  yanchor: 'bottom',
  font: { size: look.size - 1 }
}

/** The picture as SVG, so many points wide. */
export async function plotForPaper(
  { traces, layout = {}, height }: Pick<PlotProps, 'traces' | 'layout' | 'height'>,
  width: number
): Promise<string> {
  const { Plotly } = await import('./plotly-bundle.ts')
  const pixels = Math.round(width / scale)
  const figure = { data: [...traces], layout: { ...framed(layout, height, look), legend } }
  const url = await Plotly.toImage(figure, { format: 'svg', width: pixels, height })
  const svg = parseSvg(styleAsAttributes(new TextDecoder().decode(decodeDataUrl(url))))
  svg.setAttribute('viewBox', `0 0 ${pixels} ${height}`)
  svg.setAttribute('width', `${width}pt`)
  svg.setAttribute('height', `${height * scale}pt`)
  return new XMLSerializer().serializeToString(svg)
}
