/** A picture by plotly in the frame of a figure. */
import type { PlotlyHTMLElement } from 'plotly.js'
import { useRef } from 'react'
import { decodeDataUrl } from './data-url.ts'
import { FigureCard, type FigureText } from './figure-card.tsx'
import { Plot, type PlotProps } from './plot.tsx'

type Props = Omit<PlotProps, 'onDrawn'> & FigureText

/** As a paper prints it, with room for a column. */
const pictureWidth = 1000
const pictureScale = 2

export function Chart({ title, summary, table, controls, ...plot }: Props) {
  const drawn = useRef<PlotlyHTMLElement>(null)
  const make = async (format: 'png' | 'svg'): Promise<Uint8Array | null> => {
    const { Plotly } = await import('./plotly-bundle.ts')
    if (drawn.current === null) return null
    const url = await Plotly.toImage(drawn.current, {
      format,
      width: pictureWidth,
      height: plot.height * (pictureWidth / 800),
      scale: format === 'png' ? pictureScale : 1
    })
    return decodeDataUrl(url)
  }
  return (
    <FigureCard
      title={title}
      summary={summary}
      table={table}
      controls={controls}
      formats={['png', 'svg']}
      make={make}
    >
      <div role="img" aria-label={`${title}. ${summary ?? ''} The menu shows its data as a table.`}>
        <Plot {...plot} onDrawn={(element) => (drawn.current = element)} />
      </div>
    </FigureCard>
  )
}
