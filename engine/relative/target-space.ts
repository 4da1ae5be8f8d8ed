/** The target's side of a transfer, prepared once per target and anchor set and then kept. */
import type { Matrix } from '../contract/matrix.ts'
import type { Provider } from '../runtime/session.ts'
import { requireAnchors } from './anchor-lengths.ts'
import type { Dense } from './dense.ts'
import { type Gram, gramMatrix } from './gram.ts'

export type TargetSpace = {
  /** `[k, e]` as the table holds them. */
  anchors: Matrix
  /** The lengths of the anchors, `[k]`. */
  lengths: Float64Array
  /** `Â`: the anchors at length 1, `[k, e]`. */
  unit: Dense
  device: Provider
  /** The Gram matrix of all anchors, made when it is first asked for. */
  gram: () => Promise<Gram>
}

/**
 * Prepares the target's anchors `[k, e]`.
 * @throws AnchorageError `bad-value` for NaN, infinities and zero anchors
 */
export function prepareTarget(anchors: Matrix, name: string, device: Provider): TargetSpace {
  const lengths = requireAnchors(anchors, name)
  const unit = { rows: anchors.rows, columns: anchors.columns, data: new Float64Array(anchors.data.length) }
  for (let i = 0; i < anchors.rows; i++) {
    const scale = 1 / lengths[i]
    for (let j = i * anchors.columns; j < (i + 1) * anchors.columns; j++)
      unit.data[j] = anchors.data[j] * scale
  }
  let gram: Promise<Gram> | undefined
  return {
    anchors,
    lengths,
    unit,
    device,
    gram: () => {
      gram ??= gramMatrix(unit, device)
      return gram
    }
  }
}
