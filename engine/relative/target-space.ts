/** The target's side of a transfer, prepared once per target and anchor set and then kept. */
import type { Matrix } from '../contract/matrix.ts'
import type { Provider } from '../runtime/session.ts'
import { requireAnchors } from './anchor-lengths.ts'
import { type Dense, zeros } from './dense.ts'
import { deviceGram, exactGram, type Gram } from './gram.ts'

export type TargetSpace = {
  /** `[k, e]` as the table holds them. */
  anchors: Matrix
  /** The lengths of the anchors, `[k]`. */
  lengths: Float64Array
  /** `Âᵀ [e, k]`: a column per anchor, at length 1. Rows of it make the Gram matrix without a copy. */
  unit: Dense
  device: Provider
  /** The Gram matrix of all anchors in float64, made when it is first asked for. */
  exactGram: () => Promise<Gram>
  /** The same in float32 on the device, or in float64 where that is there already. */
  deviceGram: () => Promise<Gram>
}

/**
 * Prepares the target's anchors `[k, e]`.
 * @throws AnchorageError `bad-value` for NaN, infinities and zero anchors
 */
export function prepareTarget(anchors: Matrix, name: string, device: Provider): TargetSpace {
  const lengths = requireAnchors(anchors, name)
  const unit = unitColumns(anchors, lengths)
  let exact: Promise<Gram> | undefined
  let single: Promise<Gram> | undefined
  return {
    anchors,
    lengths,
    unit,
    device,
    exactGram: () => {
      exact ??= exactGram(unit)
      return exact
    },
    deviceGram: () => {
      single ??= exact ?? deviceGram(unit, device)
      return single
    }
  }
}

/** Anchors handled together: so many columns of the result stay in the processor's cache. */
const blockSize = 32

/** The anchors `[k, e]` divided by their lengths and transposed: `[e, k]`, block by block. */
function unitColumns({ rows, columns, data }: Matrix, lengths: Float64Array): Dense {
  const unit = zeros(columns, rows)
  for (let start = 0; start < rows; start += blockSize) {
    const end = Math.min(rows, start + blockSize)
    for (let j = 0; j < columns; j++)
      for (let i = start; i < end; i++) unit.data[j * rows + i] = data[i * columns + j] / lengths[i]
  }
  return unit
}
