/** Projections split into heads, and put together again. */
import { transpose } from '../gradients/emit-shapes.ts'
import type { Emitter } from '../gradients/emitter.ts'
import { reshape, sliceAxis } from './words.ts'

/** `[B, S, N·H]` as `[B, N, S, H]`; the count of heads or their width may be −1. */
export function splitHeads(emit: Emitter, x: string, heads: number, width = -1): string {
  return transpose(emit, reshape(emit, x, [0, 0, heads, width]), [0, 2, 1, 3])
}

/** `[B, N, S, H]` as `[B, S, N·H]`. */
export function joinHeads(emit: Emitter, x: string): string {
  return reshape(emit, transpose(emit, x, [0, 2, 1, 3]), [0, 0, -1])
}

/** Consecutive parts of the last axis, of the given widths. */
export function splitLast(emit: Emitter, x: string, widths: readonly number[]): string[] {
  const axis = emit.shape(x).length - 1
  let from = 0
  return widths.map((width) => {
    const part = sliceAxis(emit, x, { axis, from, to: from + width })
    from += width
    return part
  })
}
