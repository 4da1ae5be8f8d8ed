/**
 * Masks: which anchors count for a prompt vector. A mask does not depend on the weights of the sources, so
 * that the result stays linear in them (see mixing.ts).
 */
import { quickselect } from 'd3-array'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type Matrix, row } from '#engine/common/contract/matrix.ts'
import type { MaskSettings } from '#engine/common/contract/transfer.ts'
import { rowLengths } from '#engine/linear-algebra/dense.ts'

export type Masks = {
  /** Per prompt vector, `[k]` of 0 and 1; the same array for every vector where `common`. */
  rows: Uint8Array[]
  /** Anchors kept per vector. */
  kept: number
  common: boolean
}

/** Codes `[m, k]` and the length of each, `[m]`. */
type UnitCodes = { matrix: Matrix; lengths: Float64Array }

/** Whether a mask keeps all of so many anchors: codes need not be known to choose it. */
export function keepsAll(settings: MaskSettings, anchors: number): boolean {
  return settings.kind === 'all' || settings.k === anchors
}

/** The mask of all anchors for so many vectors. */
export function allAnchors(vectors: number, anchors: number): Masks {
  const mask = new Uint8Array(anchors).fill(1)
  return { rows: new Array<Uint8Array>(vectors).fill(mask), kept: anchors, common: true }
}

/**
 * The masks for the codes of all sources, each `[m, k]`.
 * @throws AnchorageError `bad-argument` when more anchors are to be kept than there are
 */
export function chooseMasks(settings: MaskSettings, codes: readonly Matrix[]): Masks {
  const { rows: vectors, columns: anchors } = codes[0]
  if (settings.kind === 'all' || keepsAll(settings, anchors)) return allAnchors(vectors, anchors)
  const commonMask = (mask: Uint8Array, kept: number): Masks => ({
    rows: new Array<Uint8Array>(vectors).fill(mask),
    kept,
    common: true
  })
  if (settings.k > anchors)
    throw new AnchorageError('bad-argument', 'More anchors are to be kept than there are.', {
      where: 'mask, k',
      found: String(settings.k),
      expected: `at most ${anchors}`,
      next: 'Lower k, or keep all anchors.'
    })
  const isPerVector = settings.kind === 'top-k'
  const counted = isPerVector && settings.from === 'last' ? codes.slice(-1) : codes
  const unit = counted.map((matrix): UnitCodes => ({ matrix, lengths: rowLengths(matrix) }))
  if (isPerVector) {
    const rows = Array.from({ length: vectors }, (_, i) => {
      const score = new Float64Array(anchors)
      addUnitCodes(score, unit, i)
      return highest(score, settings.k)
    })
    return { rows, kept: settings.k, common: false }
  }
  const total = new Float64Array(anchors)
  for (let i = 0; i < vectors; i++) addUnitCodes(total, unit, i)
  return commonMask(highest(total, settings.k), settings.k)
}

/** Adds the codes of vector `i` under every source, each divided by its length, to `sum [k]`. */
function addUnitCodes(sum: Float64Array, codes: readonly UnitCodes[], i: number): void {
  for (const { matrix, lengths } of codes) {
    if (lengths[i] === 0) continue
    const code = row(matrix, i)
    const scale = 1 / lengths[i]
    for (let j = 0; j < code.length; j++) sum[j] += scale * code[j]
  }
}

/** 1 where a score is among the `k` highest, the earlier anchor first among equals. */
function highest(scores: Float64Array, k: number): Uint8Array {
  const threshold = quickselect(scores.slice(), scores.length - k)[scores.length - k]
  const mask = new Uint8Array(scores.length)
  let kept = 0
  for (let j = 0; j < scores.length; j++)
    if (scores[j] > threshold) {
      mask[j] = 1
      kept++
    }
  for (let j = 0; kept < k; j++)
    if (scores[j] === threshold) {
      mask[j] = 1
      kept++
    }
  return mask
}

/** The indices of the anchors that a mask keeps. */
export function keptIndices(mask: Uint8Array): Int32Array {
  const indices: number[] = []
  for (let j = 0; j < mask.length; j++) if (mask[j] === 1) indices.push(j)
  return Int32Array.from(indices)
}
