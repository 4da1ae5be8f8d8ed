/** Eq. 6 on found prompts in float64, and its gradient for a search that rescales inside of its steps. */
import { rescaleInPlace, type Statistics, statisticsOf } from '#engine/common/mixing/rescale.ts'
import type { Dense } from '#engine/linear-algebra/dense.ts'

/** Eq. 6 over all values of one prompt `[m, e]`: a copy. */
export function rescale(found: Dense, target: Statistics): Dense {
  const rescaled = { ...found, data: Float64Array.from(found.data) }
  rescaleInPlace(rescaled.data, target)
  return rescaled
}

/**
 * The gradient through Eq. 6: from the gradient at the rescaled values to that at the found ones.
 * With `z` the standardised values, `∂L/∂x = σ/σ_x · (g − mean(g) − z · mean(g·z))`.
 */
export function rescaleGradient(found: Dense, gradient: Float64Array, target: Statistics): Float64Array {
  const own = statisticsOf(found.data)
  const count = gradient.length
  let meanGradient = 0
  let meanProduct = 0
  for (let i = 0; i < count; i++) {
    meanGradient += gradient[i] / count
    meanProduct += (gradient[i] * ((found.data[i] - own.mean) / own.standardDeviation)) / count
  }
  const scale = target.standardDeviation / own.standardDeviation
  return gradient.map((value, i) => {
    const standardised = (found.data[i] - own.mean) / own.standardDeviation
    return scale * (value - meanGradient - standardised * meanProduct)
  })
}
