/** A picture by plotly in the frame of a figure. */
import type { Data } from 'plotly.js'
import { useMemo, useState } from 'react'
import { FigureCard, type FigureText } from './figure-card.tsx'
import { Legend, seriesOf } from './legend.tsx'
import { Plot, type PlotProps } from './plot.tsx'
import { plotForPaper } from './plot-for-paper.ts'

type Props = Omit<PlotProps, 'label'> & FigureText

/** The series that a trace belongs to: a band goes with its line. */
function groupOf(trace: Data): string {
  const group = 'legendgroup' in trace ? trace.legendgroup : undefined
  return trace.name ?? group ?? ''
}

export function Chart({ title, summary, caption, table, controls, traces, ...plot }: Props) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const { layout = {}, height } = plot
  const series = useMemo(() => (layout.showlegend === true ? seriesOf(traces) : []), [traces, layout])
  const shown = useMemo(
    () =>
      hidden.size === 0
        ? traces
        : traces.map((trace) => (hidden.has(groupOf(trace)) ? { ...trace, visible: false } : trace)),
    [traces, hidden]
  )
  const toggle = (name: string): void =>
    setHidden((before) => {
      const after = new Set(before)
      if (!after.delete(name)) after.add(name)
      return after
    })
  return (
    <FigureCard
      title={title}
      summary={summary}
      caption={caption}
      table={table}
      controls={controls}
      draw={(width) => plotForPaper({ traces: shown, layout, height }, width)}
    >
      {series.length > 1 && <Legend series={series} hidden={hidden} onToggle={toggle} />}
      <Plot
        {...plot}
        traces={shown}
        label={`${title}. ${summary ?? ''} Arrow keys go from point to point; the menu shows the data as a table.`}
      />
    </FigureCard>
  )
}
