/**
 * Adds rows up at places, the inverse of looking rows up, as a product with the 0/1 matrix `[places, rows]` of
 * who goes where. Unlike the scatter operators this is exact for repeated places in every operator set, the
 * same on every device and run, and as fast as a product.
 */
import { dataTypes } from '#engine/onnx/build-messages.ts'
import { transpose, transposeMatrix, unsqueeze } from '../emit-shapes.ts'
import { sizeOf } from '../emit-sizes.ts'
import type { Emitter } from '../emitter.ts'

/**
 * The 0/1 matrix `[…, places, rows]` in the element type of `like`, for place numbers `indices [… , rows]` in
 * [−places, places).
 */
export function placesOf(emit: Emitter, indices: string, places: string, like: string): string {
  const count = emit.node('Cast', [places], {
    to: { int: emit.facts(indices).elementType ?? dataTypes.int64 }
  })
  const wrapped = emit.node('Mod', [indices, count])
  const range = emit.node('Range', [emit.integer(0), places, emit.integer(1)])
  const all = emit.node('Cast', [range], { to: { int: emit.facts(indices).elementType ?? dataTypes.int64 } })
  const rank = emit.shape(indices).length
  const isThere = emit.node('Equal', [unsqueeze(emit, wrapped, [rank - 1]), unsqueeze(emit, all, [1])])
  return emit.node('Cast', [isThere], { to: { int: emit.facts(like).elementType ?? dataTypes.float32 } })
}

/**
 * A tensor that has the sum of those rows of `gradient` along `axis` at each place of this axis which
 * `rows [n]` sends there. The axis gets as long as that of `like`, which agrees in every other axis.
 */
export function scatterRows(
  emit: Emitter,
  gradient: string,
  rows: string,
  axis: number,
  like: string
): string {
  const places = placesOf(emit, rows, sizeOf(emit, like, axis), gradient)
  const shape = emit.shape(gradient).with(axis, emit.shape(like)[axis])
  const rank = shape.length
  if (axis === rank - 1) {
    return emit.noteShape(emit.node('MatMul', [gradient, transposeMatrix(emit, places)]), shape)
  }
  const order = Array.from({ length: rank }, (_, at) => at)
    .with(axis, rank - 2)
    .with(rank - 2, axis)
  const isRowAxis = axis === rank - 2
  const turned = isRowAxis ? gradient : transpose(emit, gradient, order)
  const product = emit.node('MatMul', [places, turned])
  return emit.noteShape(isRowAxis ? product : transpose(emit, product, order), shape)
}
