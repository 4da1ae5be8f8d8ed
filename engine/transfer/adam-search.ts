/**
 * The paper's search: Adam on `1 − mean(matching)/Σw` from a random start, the loss recorded before each
 * step. It draws the paper's curves and checks the exact search.
 */
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { requireFinite } from '#engine/common/contract/matrix.ts'
import type { SearchSettings } from '#engine/common/contract/transfer.ts'
import type { Statistics } from '#engine/common/mixing/rescale.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { type Dense, toDense, toMatrix } from '#engine/linear-algebra/dense.ts'
import { createAdam } from '#engine/optimiser/adam.ts'
import type { EncodedSources } from './encode-sources.ts'
import { combineRights } from './matching.ts'
import { openMatchingGradient } from './matching-gradient.ts'
import { rescale, rescaleGradient } from './rescale.ts'
import type { TargetSpace } from './target-space.ts'
import type { WorkOptions } from './transfer-input.ts'

export type AdamSettings = Extract<SearchSettings, { kind: 'adam' }>

export type AdamResult = {
  /** `[m, e]`; rescaled where the descent rescales inside. */
  vectors: Dense
  /** The loss before each step, `[steps]`. */
  loss: Float64Array<ArrayBuffer>
  /** How many steps led to the result. */
  chosenStep: number
  /** The vectors after every `snapshotEvery` steps. */
  snapshots: { step: number; vectors: Dense }[]
}

/** The given start, or the paper's: normal with standard deviation `√(2/(m + e))`, `[m, e]`. */
function startVectors(settings: AdamSettings, rows: number, width: number): Dense {
  const { start, seed } = settings
  if (start === undefined) {
    const data = Float64Array.from(seededNormal(seed, rows * width, 0, Math.sqrt(2 / (rows + width))))
    return { rows, columns: width, data }
  }
  if (start.rows !== rows || start.columns !== width)
    throw new AnchorageError('mismatch', 'The start of the search has another shape than its result.', {
      where: 'search, start',
      found: `${start.rows} × ${start.columns}`,
      expected: `${rows} × ${width}`,
      next: 'Give one row per prompt vector, as wide as the target, or leave the start out.'
    })
  requireFinite(start, 'the start of the search')
  return toDense(start)
}

/**
 * Runs the descent.
 * @param inside statistics for Eq. 6 inside every step (the paper's code), or null
 */
export async function adamSearch(
  target: TargetSpace,
  { sources, masks }: EncodedSources,
  settings: AdamSettings,
  inside: Statistics | null,
  { signal, progress }: WorkOptions = {}
): Promise<AdamResult> {
  const { steps, learningRate, selection, snapshotEvery } = settings
  const parameters = startVectors(settings, masks.rows.length, target.anchors.columns)
  const totalWeight = sources.reduce((sum, { weight }) => sum + weight, 0)
  const lossScale = 1 / (parameters.rows * totalWeight)
  const take = createAdam(parameters.data.length)
  const loss = new Float64Array(steps)
  const shown = (): Dense => (inside === null ? parameters : rescale(parameters, inside))
  const snapshots: AdamResult['snapshots'] = []
  let [best, bestStep] = [copy(shown()), 0]
  const objective = await openMatchingGradient(target, combineRights(sources), masks)
  try {
    for (let step = 0; step < steps; step++) {
      throwIfCancelled(signal)
      const { matching, gradient } = await objective.evaluate(toMatrix(shown()))
      loss[step] = 1 - lossScale * matching.reduce((sum, value) => sum + value, 0)
      if (step === 0 || loss[step] < loss[bestStep]) {
        bestStep = step
        if (selection === 'lowest-loss') best = copy(shown())
      }
      const slope = Float64Array.from(gradient, (value) => -lossScale * value)
      take(
        parameters.data,
        inside === null ? slope : rescaleGradient(parameters, slope, inside),
        learningRate
      )
      if (snapshotEvery !== undefined && (step + 1) % snapshotEvery === 0)
        snapshots.push({ step: step + 1, vectors: copy(shown()) })
      progress?.(step + 1, steps, 'searching', { loss: loss[step] })
    }
  } finally {
    await objective.release()
  }
  if (selection === 'last') return { vectors: copy(shown()), loss, chosenStep: steps, snapshots }
  return { vectors: best, loss, chosenStep: bestStep, snapshots }
}

function copy(dense: Dense): Dense {
  return { ...dense, data: new Float64Array(dense.data) }
}
