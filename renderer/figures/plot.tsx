/** A plotly picture in the colours of the page: drawn when its library is there, again when what it shows changes. */
import { Box, useComputedColorScheme, VisuallyHidden } from '@mantine/core'
import type { Config, Data, Layout, PlotMouseEvent, PlotSelectionEvent } from 'plotly.js'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { categoryColours } from '#engine/common/format/palette.ts'
import { drawInTurn } from './in-turn.ts'
import { type Look, screenLooks } from './look.ts'
import { type Place, placeAfter } from './point-keys.ts'

/** Which point of which trace, as given to the picture. */
export type PickedPoint = {
  readonly trace: number
  readonly point: number
  readonly cell: readonly [number, number] | null
}

export type PlotProps = {
  /** What it shows, for a screen reader. */
  label: string
  traces: readonly Data[]
  layout?: Partial<Layout>
  height: number
  onPick?: (point: PickedPoint) => void
  /** The points inside a lasso or box. */
  onSelect?: (points: PickedPoint[]) => void
}

const config: Partial<Config> = { displayModeBar: false, responsive: true, scrollZoom: false }

function axis({ grid, quiet, text, size }: Look) {
  return {
    gridcolor: grid,
    gridwidth: 1,
    zeroline: false,
    showline: true,
    linecolor: quiet,
    linewidth: 1,
    ticks: 'outside' as const,
    ticklen: 4,
    tickcolor: quiet,
    tickfont: { color: quiet, size: size - 1 },
    title: { font: { color: text, size }, standoff: 8 },
    automargin: true
  }
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
    colorway: [...categoryColours],
    margin: { l: 52, r: 12, t: 10, b: 40 },
    hoverlabel: {
      font: { family: colours.font, size: colours.size, color: colours.paper },
      bgcolor: colours.text,
      bordercolor: colours.text
    },
    showlegend: false,
    legend: { font: { size: colours.size - 1 } },
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

export function Plot({ label, traces, layout = {}, height, onPick, onSelect }: PlotProps) {
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
    const draw = async ({ Plotly }: typeof import('./plotly-bundle.ts')): Promise<void> => {
      if (gone) return
      const isNew = !element.classList.contains('js-plotly-plot')
      const drawn = await Plotly.react(
        element,
        [...traces],
        { ...framed(layout, height, screenLooks[scheme]), showlegend: false },
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
    }
    // The library is read before its turn comes: to read it and to draw are two tasks of the page.
    void import('./plotly-bundle.ts').then((bundle) => drawInTurn(() => draw(bundle)))
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
  const [reached, setReached] = useState<Place | null>(null)
  const [said, setSaid] = useState('')
  const leave = (): void => {
    setReached(null)
    setSaid('')
    const element = place.current
    if (element === null || reached === null) return
    void import('./plotly-bundle.ts').then(({ Plotly }) => Plotly.Fx.unhover(element))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (reached !== null && event.key === 'Enter') {
      const { trace, at, row } = reached
      onPick?.(row === null ? { trace, point: at, cell: null } : { trace, point: 0, cell: [row, at] })
      return
    }
    const next = placeAfter(traces, reached, event.key)
    const element = place.current
    if (next === undefined || element === null) return
    event.preventDefault()
    setReached(next)
    void import('./plotly-bundle.ts').then(({ Plotly }) => {
      const { trace, at, row } = next
      // Cells are named by their places on axes of categories: plotly finds them by numbers no more.
      const point = row === null ? { pointNumber: at } : { xval: at, yval: row }
      Plotly.Fx.hover(element, [{ curveNumber: trace, ...point }], [subplotOf(traces[trace])])
      // It is drawn a moment later, by a clock of plotly's own.
      setTimeout(() => {
        const texts = [...element.querySelectorAll('.hoverlayer text')].map(({ textContent }) => textContent)
        setSaid(texts.join(' '))
      }, 100)
    })
  }
  return (
    <>
      <Box
        className="plot"
        role="application"
        aria-label={label}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={leave}
        style={{ height }}
      >
        <div ref={place} style={{ height }} />
      </Box>
      <VisuallyHidden aria-live="polite">{said}</VisuallyHidden>
    </>
  )
}

/** plotly's name of the axes that a trace is drawn in. */
function subplotOf(trace: Data | undefined): string {
  if (trace === undefined || trace.type === 'scatterternary') return 'ternary'
  return `${('xaxis' in trace && trace.xaxis) || 'x'}${('yaxis' in trace && trace.yaxis) || 'y'}`
}
