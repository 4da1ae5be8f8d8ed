/** The target's side of a transfer, prepared once per target and anchor set and then kept. */

import { isDeepStrictEqual } from 'node:util'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Centre } from '#engine/common/contract/transfer.ts'
import type { Provider } from '#engine/devices/session.ts'
import {
  deviceGram,
  type ExactGram,
  exactGram,
  type Gram,
  type MaskedGrams,
  maskedGrams
} from '#engine/linear-algebra/gram.ts'
import { selectAnchors, type UnitAnchors } from '#engine/linear-algebra/unit-anchors.ts'
import { requireAnchors } from './anchor-lengths.ts'
import { centreTarget, type TargetCentre } from './centre.ts'
import { keptIndices, type Masks } from './mask.ts'

export type TargetSpace = {
  /** `[k, e]` as the table holds them, less their mean where they are centred. */
  anchors: Matrix
  /** What is put back; null: not centred. */
  centre: TargetCentre | null
  /** The lengths of the anchors, `[k]`. */
  lengths: Float64Array
  /** `Â`: the anchors at length 1. */
  unit: UnitAnchors
  /** Those of them that a mask of several vectors keeps, made once per mask. */
  selected: WeakMap<Uint8Array, UnitAnchors>
  device: Provider
  /** The Gram matrix of all anchors in float64, made when it is first asked for. */
  exactGram: () => Promise<ExactGram>
  /**
   * The same in float32 on the device, or in float64 where float32 won't do. Which one preconditions, this or that of
   * {@link maskedGrams}, depends on what is asked for, never on what was before: the solutions differ in their last digits.
   */
  deviceGram: () => Promise<Gram>
  /** The Gram matrices under masks of their own, in the order of {@link distinctMasks}; those of the last masks are kept. */
  maskedGrams: (masks: Masks) => Promise<MaskedGrams>
}

/**
 * Prepares the target's anchors `[k, e]`.
 * @param known their lengths, `[k]`: those of the rows of an open table are
 * @throws AnchorageError `bad-value` for NaN, infinities and zero anchors
 */
export function prepareTarget(
  given: Matrix,
  name: string,
  device: Provider,
  centring: Centre = 'none',
  known?: Float64Array
): TargetSpace {
  const { anchors, centre } = centring === 'mean' ? centreTarget(given) : { anchors: given, centre: null }
  const lengths = requireAnchors(anchors, name, centre === null ? known : undefined)
  const unit = { anchors, scales: lengths.map((length) => 1 / length) }
  let exact: Promise<ExactGram> | undefined
  let single: Promise<Gram> | undefined
  let masked: { masks: Uint8Array[]; grams: Promise<MaskedGrams> } | undefined
  const exactly = (): Promise<ExactGram> => {
    exact ??= exactGram(unit)
    return exact
  }
  return {
    anchors,
    centre,
    lengths,
    unit,
    selected: new WeakMap(),
    device,
    exactGram: exactly,
    deviceGram: () => {
      single ??= deviceGram(unit, device, exactly)
      return single
    },
    maskedGrams: (asked) => {
      const masks = distinctMasks(asked)
      if (masked === undefined || !sameMasks(masked.masks, masks))
        masked = { masks, grams: maskedGrams(unit, masks, device, exactly) }
      return masked.grams
    }
  }
}

/** The masks that differ, in the order in which vectors have them. */
export function distinctMasks({ rows }: Masks): Uint8Array[] {
  return [...new Set(rows)]
}

function sameMasks(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return some.length === others.length && some.every((mask, i) => isDeepStrictEqual(mask, others[i]))
}

/** Whether Gram matrices, one for each mask, are fewer numbers than the anchors, so that a step by them is shorter. */
export function worthGrams({ anchors: { rows, columns } }: TargetSpace, masks: Masks): boolean {
  return distinctMasks(masks).length * columns <= rows
}

/** The anchors that a common mask keeps; all of them where each vector has its own. */
export function keptAnchors({ unit, selected }: TargetSpace, masks: Masks): UnitAnchors {
  if (!masks.common || masks.kept === unit.anchors.rows) return unit
  const [mask] = masks.rows
  const kept = selected.get(mask) ?? selectAnchors(unit, keptIndices(mask))
  selected.set(mask, kept)
  return kept
}
