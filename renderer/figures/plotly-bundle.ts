/**
 * plotly.js with the traces in use and no others. Their strict variants compile nothing at run time, so the policy
 * of the page needs no `unsafe-eval`. Loaded when the first picture is shown.
 */
import bar from 'plotly.js/lib/bar'
import Plotly from 'plotly.js/lib/core'
import heatmap from 'plotly.js/lib/heatmap'
import scatterternary from 'plotly.js/lib/scatterternary'

Plotly.register([bar, heatmap, scatterternary])

export { Plotly }
