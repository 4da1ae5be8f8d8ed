/** Gradients of operators that arrange elements anew: they arrange g back. */
import { readInteger, readIntegers } from '#engine/onnx/read-messages.ts'
import { reshapeLike, sumCopiesOf, sumToShapeOf, transpose, zerosLike } from '../emit-shapes.ts'
import { addSizes, sizesBetween } from '../emit-sizes.ts'
import { normaliseAxis } from '../shapes/dimensions.ts'
import type { GradientRule } from './rule.ts'

/** y = x in another shape (Reshape, Flatten, Squeeze, Unsqueeze): d_x = g in the shape of x */
export const reshaping: GradientRule = (emit, { inputs: [x], gradient }) => [
  () => reshapeLike(emit, gradient, x)
]

/** y = x with its axes in another order: d_x = g in the inverse order */
export const transposition: GradientRule = (emit, { node, inputs: [x], gradient }) => [
  () => {
    const rank = emit.shape(x).length
    const order = readIntegers(node, 'perm')
    const axes = Array.from({ length: rank }, (_, axis) => axis)
    return transpose(
      emit,
      gradient,
      order.length > 0 ? axes.map((axis) => order.indexOf(axis)) : axes.reverse()
    )
  }
]

/** y = x repeated to a shape: d_x = g summed to x */
export const expansion: GradientRule = (emit, { inputs: [x], gradient }) => [
  () => sumToShapeOf(emit, gradient, x)
]

/** y = copies of x one after the other along its axes: d_x = g summed over the copies */
export const tiling: GradientRule = (emit, { inputs: [x], gradient }) => [
  () => sumCopiesOf(emit, gradient, x)
]

/** y = a, b, … side by side along an axis: d_a is the part of g where a lies */
export const concatenation: GradientRule = (emit, { node, inputs, gradient }) => {
  const axis = normaliseAxis(readInteger(node, 'axis', 0), emit.shape(gradient).length)
  const length = (index: number) => sizesBetween(emit, inputs[index], axis, axis + 1)
  return inputs.map((_, index) => () => {
    const start = inputs
      .slice(0, index)
      .reduce((sum, _, before) => addSizes(emit, sum, length(before)), emit.integers([0]))
    const end = addSizes(emit, start, length(index))
    return emit.noteShape(
      emit.node('Slice', [gradient, start, end, emit.integers([axis])]),
      emit.shape(inputs[index])
    )
  })
}

/** y₁, y₂, … = x in parts along an axis: d_x = g₁, g₂, … side by side, zeros for parts that lead nowhere */
export const splitting: GradientRule = (emit, { node, inputs: [x], outputs, gradients }) => [
  () => {
    const axis = normaliseAxis(readInteger(node, 'axis', 0), emit.shape(x).length)
    const parts = outputs.map((part, index) => gradients[index] ?? zerosLike(emit, part))
    return emit.noteShape(emit.node('Concat', parts, { axis: { int: axis } }), emit.shape(x))
  }
]
