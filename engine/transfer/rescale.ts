/** Eq. 6 on found prompts in float64, and its gradient for a search that rescales inside of its steps. */
import type { Rescale } from '#engine/common/contract/transfer.ts'
import {
  type Finish,
  finishInPlace,
  rescaleInPlace,
  type Statistics,
  statisticsOf
} from '#engine/common/mixing/rescale.ts'
import type { Dense } from '#engine/linear-algebra/dense.ts'
import type { TargetCentre } from './centre.ts'

/**
 * What is done to what a search finds: Eq. 6 to the `statistics` of the target's table, or, where its anchors are
 * centred, their mean put back. A search that rescales inside of its steps hands its vectors out as they are.
 */
export function finishOf(rescale: Rescale, statistics: Statistics, centre: TargetCentre | null): Finish {
  if (centre !== null)
    return {
      kind: 'centred',
      mean: centre.mean,
      meanLength: rescale === 'none' ? null : centre.meanLength
    }
  const { mean, standardDeviation } = statistics
  return rescale === 'after' ? { kind: 'statistics', mean, standardDeviation } : { kind: 'as-found' }
}

/** {@link finishInPlace} on a copy of a prompt `[m, e]`. */
export function finished(found: Dense, finish: Finish): Dense {
  const copy = { ...found, data: Float64Array.from(found.data) }
  finishInPlace(copy.data, copy.columns, finish)
  return copy
}

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
