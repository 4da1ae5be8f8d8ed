/**
 * plotly.js with the traces in use and no others. Their strict variants compile nothing at run time, so the policy
 * of the page needs no `unsafe-eval`. Loaded when the first picture is shown.
 */
import bar from 'plotly.js/lib/bar'
import Plotly from 'plotly.js/lib/core'
import heatmap from 'plotly.js/lib/heatmap'
import scatterternary from 'plotly.js/lib/scatterternary'

declare module 'plotly.js' {
  /** What is shown under the pointer, which its types leave out. */
  const Fx: {
    hover(
      element: HTMLElement,
      points: readonly ({ curveNumber: number } & (
        | { pointNumber: number }
        | { xval: number; yval: number }
      ))[],
      subplots: readonly string[]
    ): void
    unhover(element: HTMLElement): void
  }
}

Plotly.register([bar, heatmap, scatterternary])

export { Plotly }
