/** Reductions, reshapes and transpositions as gradients need them, in whichever form the operator set has. */
import type { Attributes } from '../build-messages.ts'
import type { Emitter } from './emitter.ts'
import type { Shape } from './shapes/dimensions.ts'

/** Σ over the given axes; the tensor itself when there are none. */
export function sumOver(emit: Emitter, x: string, axes: readonly number[], keepAxes: boolean): string {
  return reduce(emit, 'ReduceSum', x, axes, keepAxes, 13)
}

/** The mean over the given axes, kept with size 1. */
export function meanOver(emit: Emitter, x: string, axes: readonly number[]): string {
  return reduce(emit, 'ReduceMean', x, axes, true, 18)
}

/** @param axesAsInputSince the operator set in which the attribute `axes` became an input */
function reduce(
  emit: Emitter,
  op: string,
  x: string,
  axes: readonly number[],
  keepAxes: boolean,
  axesAsInputSince: number
): string {
  if (axes.length === 0) return x
  const keepdims = { int: keepAxes ? 1 : 0 }
  return emit.opset >= axesAsInputSince
    ? emit.node(op, [x, emit.integers(axes)], { keepdims })
    : emit.node(op, [x], { axes: { ints: axes }, keepdims })
}

/** Inserts axes of size 1 at the given places of the result. */
export function unsqueeze(emit: Emitter, x: string, axes: readonly number[]): string {
  return emit.opset >= 13
    ? emit.node('Unsqueeze', [x, emit.integers(axes)])
    : emit.node('Unsqueeze', [x], { axes: { ints: axes } })
}

export function transpose(emit: Emitter, x: string, order: readonly number[]): string {
  return emit.node('Transpose', [x], { perm: { ints: order } })
}

/** The last two axes exchanged. */
export function transposeMatrix(emit: Emitter, x: string): string {
  const rank = emit.shape(x).length
  const order = Array.from({ length: rank }, (_, axis) => axis)
  return transpose(emit, x, [...order.slice(0, -2), rank - 1, rank - 2])
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

/**
 * `x` in the shape of the tensor `like`, which has as many elements. Sizes that are numbers, that stay where
 * they are (0 for Reshape) or that follow from the others (-1) need no look at `like` at run time.
 */
export function reshapeLike(emit: Emitter, x: string, like: string): string {
  const [from, to] = [emit.shape(x), emit.shape(like)]
  if (sameShape(from, to)) return x
  const isOpen = (size: Shape[number], axis: number) => typeof size === 'string' && size !== from[axis]
  const open = to.filter(isOpen)
  const isConstant = open.length <= 1 && !to.includes(0)
  const target = isConstant
    ? emit.integers(to.map((size, axis) => (typeof size === 'number' ? size : isOpen(size, axis) ? -1 : 0)))
    : emit.sizes(like)
  return emit.noteShape(emit.node('Reshape', [x, target]), to)
}

/** `x` broadcast to the shape of the tensor `like`. */
export function expandLike(emit: Emitter, x: string, like: string): string {
  const to = emit.shape(like)
  if (sameShape(emit.shape(x), to)) return x
  return emit.noteShape(emit.node('Expand', [x, emit.sizes(like)]), to)
}

/** Zeros in the shape and type of the tensor `like`. */
export function zerosLike(emit: Emitter, like: string): string {
  return expandLike(emit, emit.scalar(0, like), like)
}

/** Which axes of `from` (aligned at the last) a broadcast made out of axes of size 1 in `to`, and which it may have. */
function broadcastAxes(from: Shape, to: Shape): { certain: number[]; possible: boolean } {
  const extra = from.length - to.length
  const certain = to.flatMap((size, axis) => (size === 1 && from[axis + extra] !== 1 ? [axis] : []))
  const possible = to.some((size, axis) => typeof size === 'string' && size !== from[axis + extra])
  return { certain, possible }
}

/**
 * The gradient of a broadcast: sums `gradient` over the axes along which the tensor `like` was repeated, so
 * that the result has the shape of `like`. Axes of which only the run knows whether they were repeated, n
 * against an unknown d, are split into [n/d, d] and summed over the first: n sums, or none.
 */
export function sumToShapeOf(emit: Emitter, gradient: string, like: string): string {
  const [from, to] = [emit.shape(gradient), emit.shape(like)]
  if (sameShape(from, to)) return gradient
  const leading = Array.from({ length: from.length - to.length }, (_, axis) => axis)
  const trailing = sumOver(emit, gradient, leading, false)
  const { certain, possible } = broadcastAxes(from, to)
  const summed = sumOver(emit, trailing, certain, true)
  return emit.noteShape(possible ? sumRepeatedAxes(emit, summed, like) : summed, to)
}

/**
 * The gradient of a repetition: the sums of `gradient` over the copies of the tensor `like`, of as many axes, that
 * stand one after the other along each.
 */
export function sumCopiesOf(emit: Emitter, gradient: string, like: string): string {
  if (sameShape(emit.shape(gradient), emit.shape(like))) return gradient
  return emit.noteShape(sumRepeatedAxes(emit, gradient, like), emit.shape(like))
}

function sumRepeatedAxes(emit: Emitter, gradient: string, like: string): string {
  const sizes = emit.sizes(like)
  const isEmpty = emit.node('Equal', [sizes, emit.integers([0])])
  const divisors = emit.node('Where', [isEmpty, emit.integers([1]), sizes])
  const repeats = emit.node('Div', [emit.node('Shape', [gradient]), divisors])
  const pairs = emit.node('Concat', [unsqueeze(emit, repeats, [1]), unsqueeze(emit, sizes, [1])], {
    axis: { int: 1 }
  })
  const flat = emit.node('Reshape', [pairs, emit.integers([-1])])
  const { length: rank } = emit.shape(like)
  const attributes: Attributes = emit.opset >= 14 ? { allowzero: { int: 1 } } : {}
  const split = emit.node('Reshape', [gradient, flat], attributes)
  return sumOver(
    emit,
    split,
    Array.from({ length: rank }, (_, axis) => 2 * axis),
    false
  )
}
