/** What a baseline is given beside its settings, by what it needs, and what it gives back. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Provider } from '#engine/devices/session.ts'
import { type Dense, toDense, transpose } from '#engine/linear-algebra/dense.ts'
import type { UnitAnchors } from '#engine/linear-algebra/unit-anchors.ts'
import type { OpenModel } from '#engine/models/open-model.ts'
import type { SourceSpace } from '#engine/transfer/relative-code.ts'
import type { TargetSpace } from '#engine/transfer/target-space.ts'
import type { WorkOptions } from '#engine/transfer/transfer-input.ts'

/** The same words in both tables. */
export type AnchorPairs = {
  /** `[k, d]`. */
  source: Matrix
  /** `[k, e]`. */
  target: Matrix
}

/** Of one source and the target, what a baseline may need. */
export type GivenByNeed = {
  /** Nothing of the source but the number of vectors of each of its prompts. */
  target: { lengths: readonly number[]; target: OpenModel }
  /** The models themselves, and the vectors of all prompts, `[n, d]`. */
  models: { vectors: Matrix; source: OpenModel; target: OpenModel; device: Provider }
  /** The words that both models know, and the vectors of all prompts, `[n, d]`. */
  anchors: {
    vectors: Matrix
    anchors: AnchorPairs
    /** The two sides as the method prepares them, over the same anchors. */
    source: SourceSpace
    target: TargetSpace
    /** Names the tables and anchors, for what is kept of them. */
    learntFrom: string
    device: Provider
    options: WorkOptions
  }
}

export type TransferredVectors = {
  /** One per vector that was given, `[n, e]`. */
  vectors: Dense
  /** Remarks for the reader of the result. */
  notes: string[]
  /** Of what was trained: the loss after each epoch, the epoch chosen, and the vectors after others asked for. */
  lossCurve?: {
    loss: Float64Array<ArrayBuffer>
    /** From 1. */
    chosenStep: number
    snapshots: { step: number; vectors: Dense }[]
  }
}

/** Anchors `[k, d]` whose Gram matrix is that of the table's own rows, their lengths and all. */
export function asTheyAre(anchors: Matrix): UnitAnchors {
  return { anchors, scales: new Float64Array(anchors.rows).fill(1) }
}

/** Anchors `[k, d]` in float64 with a row for every dimension, `[d, k]`: the form that their products are made of. */
export function byDimension(anchors: Matrix): Dense {
  return transpose(toDense(anchors))
}
