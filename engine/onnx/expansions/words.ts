/** Pieces that several expansions are written with. */
import { dataTypes } from '../build-messages.ts'
import { sizeOf } from '../gradients/emit-sizes.ts'
import type { Emitter } from '../gradients/emitter.ts'

export function addIfGiven(emit: Emitter, x: string, term: string | undefined): string {
  return term === undefined ? x : emit.node('Add', [x, term])
}

/** `x` times a number; `x` itself for 1. */
export function times(emit: Emitter, x: string, factor: number): string {
  return factor === 1 ? x : emit.node('Mul', [x, emit.scalar(factor, x)])
}

/** The elements `from` to `to` (excluded) along an axis, perhaps every second one alone. */
export function sliceAxis(
  emit: Emitter,
  x: string,
  { axis, from, to, step = 1 }: { axis: number; from: number; to: number; step?: number }
): string {
  const bounds = [from, to, axis, step].map((value) => emit.integers([value]))
  return emit.node('Slice', [x, ...bounds])
}

export function concatenate(emit: Emitter, parts: readonly string[], axis: number): string {
  return parts.length === 1 ? parts[0] : emit.node('Concat', parts, { axis: { int: axis } })
}

export function reshape(emit: Emitter, x: string, sizes: readonly number[]): string {
  return emit.node('Reshape', [x, emit.integers(sizes)])
}

/** 0, 1, … up to the size of an axis, as int64 `[size]`. */
export function countAlong(emit: Emitter, x: string, axis: number): string {
  return emit.node('Range', [emit.integer(0), sizeOf(emit, x, axis), emit.integer(1)])
}

export function castTo(emit: Emitter, x: string, elementType: number): string {
  return emit.facts(x).elementType === elementType ? x : emit.node('Cast', [x], { to: { int: elementType } })
}

export function asInt64(emit: Emitter, x: string): string {
  return castTo(emit, x, dataTypes.int64)
}
