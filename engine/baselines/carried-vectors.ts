/** What every baseline is given beside its settings, and what it gives back. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { type Dense, toDense, transpose } from '#engine/linear-algebra/dense.ts'

/** The same words in both tables. */
export type AnchorPairs = {
  /** `[k, d]`. */
  source: Matrix
  /** `[k, e]`. */
  target: Matrix
}

export type CarriedVectors = {
  /** One per vector that was given, `[n, e]`. */
  vectors: Dense
  /** Remarks for the person. */
  notes: string[]
  /** Of what was trained: the loss after each epoch, the epoch that carried the vectors, and others asked for. */
  search?: {
    loss: Float64Array<ArrayBuffer>
    /** From 1. */
    chosenStep: number
    snapshots: { step: number; vectors: Dense }[]
  }
}

/** Anchors `[k, d]` in float64 with a row for every dimension, `[d, k]`: the form that their products are made of. */
export function byDimension(anchors: Matrix): Dense {
  return transpose(toDense(anchors))
}
