/** Scaled dot-product attention, which every attention operator comes down to. */
import { dataTypes } from '../build-messages.ts'
import { transposeMatrix, unsqueeze } from '../gradients/emit-shapes.ts'
import { joinSizes, sizeOf, sizesBetween } from '../gradients/emit-sizes.ts'
import type { Emitter } from '../gradients/emitter.ts'
import { asInt64, castTo, concatenate, countAlong, times } from './words.ts'

export type AttentionParts = {
  /** `[B, N, S, H]` */
  readonly query: string
  /** `[B, n, T, H]`; n divides N, and each head serves N/n neighbours among the queries'. */
  readonly key: string
  /** `[B, n, T, h]` */
  readonly value: string
  /** N/n */
  readonly groupSize: number
  /** Scores are multiplied by it; 0 stands for 1/√H. */
  readonly scale: number
  /** Scores are c · tanh(score / c); 0 for none. */
  readonly softcap: number
  /** Added to the scores; broadcast to `[B, N, S, T]`. */
  readonly biases: readonly (string | undefined)[]
  /** True where a query sees a key; broadcast to `[B, N, S, T]`. */
  readonly visible: readonly (string | undefined)[]
  /** What the score of a key becomes that is not seen. */
  readonly filter: number
}

/** The lowest float32, finite so that rows without any visible key stay numbers. */
export const lowestScore = -3.4028234663852886e38

const lowestOfHalf = -65504

function repeatHeads(emit: Emitter, x: string, groupSize: number, heads: number): string {
  if (groupSize === 1) return x
  const repeated = emit.node('Expand', [unsqueeze(emit, x, [2]), emit.integers([1, 1, groupSize, 1, 1])])
  const target = joinSizes(emit, [emit.integers([0, heads, -1]), sizesBetween(emit, x, 3, 4)])
  return emit.node('Reshape', [repeated, target])
}

function defaultScale(emit: Emitter, query: string): string {
  const width = emit.shape(query)[3]
  if (typeof width === 'number') return times(emit, query, 1 / Math.sqrt(width))
  const size = castTo(emit, sizeOf(emit, query, 3), emit.facts(query).elementType ?? dataTypes.float32)
  return emit.node('Div', [query, emit.node('Sqrt', [size])])
}

function cap(emit: Emitter, scores: string, softcap: number): string {
  return softcap === 0 ? scores : times(emit, emit.node('Tanh', [times(emit, scores, 1 / softcap)]), softcap)
}

/** softmax(scale · Q Kᵀ, capped, biased, masked) V as `[B, N, S, h]` */
export function attend(emit: Emitter, parts: AttentionParts): string {
  const { query, groupSize, scale, softcap, biases, visible } = parts
  const heads = Number(emit.shape(query)[1])
  const [key, value] = [parts.key, parts.value].map((x) => repeatHeads(emit, x, groupSize, heads))
  const scaled = scale === 0 ? defaultScale(emit, query) : times(emit, query, scale)
  const products = cap(emit, emit.node('MatMul', [scaled, transposeMatrix(emit, key)]), softcap)
  const biased = biases.reduce<string>((sum, bias) => (bias ? emit.node('Add', [sum, bias]) : sum), products)
  const isHalf = emit.facts(query).elementType === dataTypes.float16
  const filter = emit.scalar(isHalf ? Math.max(parts.filter, lowestOfHalf) : parts.filter, query)
  const masked = visible.reduce<string>(
    (scores, mask) => (mask ? emit.node('Where', [mask, scores, filter]) : scores),
    biased
  )
  return emit.node('MatMul', [emit.node('Softmax', [masked], { axis: { int: -1 } }), value])
}

/** Cached keys or values before the new ones: `[B, n, P + T, H]`. Caches often leave the width unstated. */
export function afterPast(emit: Emitter, past: string | undefined, x: string): string {
  if (past === undefined) return x
  const both = concatenate(emit, [past, x], 2)
  return emit.noteShape(both, emit.shape(x).with(2, emit.shape(both)[2]))
}

/** 0, 1, … S − 1, after the length of what is cached: `[S]`. */
export function positionsAfter(emit: Emitter, past: string | undefined, x: string, axis: number): string {
  const count = countAlong(emit, x, axis)
  return past === undefined ? count : emit.node('Add', [count, sizeOf(emit, past, 2)])
}

function not(emit: Emitter, x: string): string {
  return emit.node('Not', [x])
}

/**
 * Which keys come no later than a query, `[S, T]`, and, with a window of w, no more than w − 1 before it.
 * @param past the cache before the keys, which shifts the queries' positions by its length
 */
export function causalMask(
  emit: Emitter,
  { query, key, past, window = -1 }: { query: string; key: string; past: string | undefined; window?: number }
): string {
  return seenMask(emit, positionsAfter(emit, past, query, 2), countAlong(emit, key, 2), window)
}

/** Which of the keys at positions `[T]` come no later than queries at positions `[S]`: `[S, T]`. */
export function seenMask(emit: Emitter, queries: string, keys: string, window = -1): string {
  const rows = unsqueeze(emit, queries, [1])
  const columns = unsqueeze(emit, keys, [0])
  const isPast = not(emit, emit.node('Greater', [columns, rows]))
  if (window < 0) return isPast
  const first = emit.node('Sub', [rows, emit.integer(window)])
  return emit.node('And', [isPast, emit.node('Greater', [columns, first])])
}

/** Which keys are among the first `lengths [B]` of their row: `[B, 1, 1, T]`. */
export function lengthMask(emit: Emitter, lengths: string, key: string): string {
  const limit = unsqueeze(emit, asInt64(emit, lengths), [1, 2, 3])
  return emit.node('Less', [countAlong(emit, key, 2), limit])
}

/** A mask of ones and zeros `[B, T]` or `[B, S, T]` as truth values `[B, 1, 1 or S, T]`. */
export function paddingMask(emit: Emitter, mask: string): string {
  const isKept = emit.node('Greater', [asInt64(emit, mask), emit.integer(0)])
  return unsqueeze(emit, isKept, emit.shape(mask).length === 2 ? [1, 2] : [1])
}
