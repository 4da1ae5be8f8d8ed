/** A plotly picture in the colours of the page: drawn when its library is there, again when what it shows changes. */
import { useComputedColorScheme } from '@mantine/core'
import type { Config, Data, Layout, PlotMouseEvent, PlotSelectionEvent } from 'plotly.js'
import { useEffect, useRef } from 'react'
import { type Look, screenLooks } from './look.ts'

/** Which point of which trace, as given to the picture. */
export type PickedPoint = {
  readonly trace: number
  readonly point: number
  readonly cell: readonly [number, number] | null
}

export type PlotProps = {
  traces: readonly Data[]
  layout?: Partial<Layout>
  height: number
  onPick?: (point: PickedPoint) => void
  /** The points inside a lasso or box. */
  onSelect?: (points: PickedPoint[]) => void
}

const config: Partial<Config> = { displayModeBar: false, responsive: true, scrollZoom: false }

function axis({ grid, quiet }: Look) {
  return { gridcolor: grid, zerolinecolor: grid, linecolor: quiet, tickcolor: quiet, automargin: true }
}

/** The frame of every picture; what a picture says of any axis or the legend is laid over it. */
export function framed(layout: Partial<Layout>, height: number, colours: Look): Partial<Layout> {
  const base = axis(colours)
  const ternary = { bgcolor: colours.paper, aaxis: base, baxis: base, caxis: base }
  return {
    template: { layout: { xaxis: base, yaxis: base, ternary } },
    height,
    paper_bgcolor: colours.paper,
    plot_bgcolor: colours.paper,
    font: { color: colours.text, family: colours.font, size: colours.size },
    margin: { l: 56, r: 16, t: 12, b: 48 },
    hoverlabel: { font: { family: colours.font } },
    showlegend: false,
    ...layout
  }
}

function picked({ points }: Pick<PlotMouseEvent, 'points'>): PickedPoint[] {
  return points.map(({ curveNumber, pointIndex, pointNumber }) => {
    // A heat-map names its cell by row and column where others have one number.
    const index: unknown = pointIndex ?? pointNumber
    if (Array.isArray(index))
      return { trace: curveNumber, point: 0, cell: [Number(index[0]), Number(index[1])] }
    return { trace: curveNumber, point: Number(index), cell: null }
  })
}

export function Plot({ traces, layout = {}, height, onPick, onSelect }: PlotProps) {
  const place = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  const listeners = useRef({ onPick, onSelect })
  useEffect(() => {
    listeners.current = { onPick, onSelect }
  })
  useEffect(() => {
    const element = place.current
    if (element === null) return
    let gone = false
    void import('./plotly-bundle.ts').then(async ({ Plotly }) => {
      if (gone) return
      const isNew = !element.classList.contains('js-plotly-plot')
      const drawn = await Plotly.react(
        element,
        [...traces],
        framed(layout, height, screenLooks[scheme]),
        config
      )
      // Heard of also where something else is to be drawn already: it is drawn into the same element.
      if (isNew) {
        drawn.on('plotly_click', (event) => {
          const [point] = picked(event)
          if (point !== undefined) listeners.current.onPick?.(point)
        })
        drawn.on('plotly_selected', (event: PlotSelectionEvent | undefined) => {
          if (event !== undefined) listeners.current.onSelect?.(picked(event))
        })
      }
    })
    return () => {
      gone = true
    }
  }, [traces, layout, height, scheme])
  useEffect(() => {
    const element = place.current
    return () => {
      if (element === null || !element.classList.contains('js-plotly-plot')) return
      void import('./plotly-bundle.ts').then(({ Plotly }) => Plotly.purge(element))
    }
  }, [])
  return <div ref={place} style={{ height }} />
}
