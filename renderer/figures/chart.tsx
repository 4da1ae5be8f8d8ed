/** A picture by plotly in the frame of a figure. */
import { decodeDataUrl } from './data-url.ts'
import { FigureCard, type FigureText } from './figure-card.tsx'
import { screenLooks } from './look.ts'
import { framed, Plot, type PlotProps } from './plot.tsx'

type Props = PlotProps & FigureText

/** As a paper prints it, with room for a column. */
const pictureWidth = 1000
const pictureScale = 2

export function Chart({ title, summary, table, controls, ...plot }: Props) {
  const make = async (format: 'png' | 'svg'): Promise<Uint8Array> => {
    const { Plotly } = await import('./plotly-bundle.ts')
    const { traces, layout = {}, height } = plot
    // On paper it is always light, whatever the screen is.
    const figure = { data: [...traces], layout: framed(layout, height, screenLooks.light) }
    const url = await Plotly.toImage(figure, {
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
        <Plot {...plot} />
      </div>
    </FigureCard>
  )
}
