/**
 * Several sources by a baseline: what each source's prompts become in the target's space is averaged. The method adds
 * unit codes; here a source whose vectors come out longer counts for more.
 */
import { addScaled, type Dense, zeros } from '#engine/linear-algebra/dense.ts'
import type { TransferredVectors } from './transferred-vectors.ts'

export type AveragedVectors = {
  /** `[n, e]`. */
  vectors: Dense
  /** Of what was trained, per source, and the averages after each epoch asked for; null where nothing was. */
  lossCurve: {
    perSource: { loss: Float64Array<ArrayBuffer>; chosenStep: number }[]
    snapshots: { step: number; vectors: Dense }[]
  } | null
}

/**
 * `Σ_j w_j·x_j / Σ_j w_j` of the vectors `x_j [n, e]` that came from each source.
 * @param weights `w_j`, above 0
 */
export function averageSources(
  sources: readonly TransferredVectors[],
  weights: readonly number[]
): AveragedVectors {
  const trained = sources.flatMap(({ lossCurve }) => lossCurve ?? [])
  return {
    vectors: weightedMean(
      sources.map(({ vectors }) => vectors),
      weights
    ),
    lossCurve:
      trained.length === 0
        ? null
        : {
            perSource: trained.map(({ loss, chosenStep }) => ({ loss, chosenStep })),
            // All sources are trained by the same settings: their snapshots are of the same epochs.
            snapshots: trained[0].snapshots.map(({ step }, index) => ({
              step,
              vectors: weightedMean(
                trained.map(({ snapshots }) => snapshots[index].vectors),
                weights
              )
            }))
          }
  }
}

function weightedMean(matrices: readonly Dense[], weights: readonly number[]): Dense {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = zeros(matrices[0].rows, matrices[0].columns)
  for (const [j, { data }] of matrices.entries()) addScaled(mean.data, weights[j] / total, data)
  return mean
}
