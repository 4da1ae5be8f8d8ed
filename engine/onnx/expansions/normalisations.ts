/** Root-mean-square norms, and norms with the residual connection before them. */
import { dataTypes } from '../build-messages.ts'
import { meanOver } from '../gradients/emit-shapes.ts'
import type { Emitter } from '../gradients/emitter.ts'
import { normaliseAxis } from '../gradients/shapes/dimensions.ts'
import type { NodeProto } from '../messages.ts'
import { readFloat, readInteger } from '../read-messages.ts'
import type { Expansion } from './expansion.ts'
import { addIfGiven, castTo } from './words.ts'

/**
 * x / √(mean x² + ε) · γ over the given axes; half precision is normalised in float32. Squares are powers, as
 * onnxruntime looks for them to make one operator of the norm.
 */
export function rootMeanSquareNorm(
  emit: Emitter,
  x: string,
  gamma: string,
  { axes, epsilon }: { axes: readonly number[]; epsilon: number }
): string {
  const { elementType = dataTypes.float32 } = emit.facts(x)
  const inner = elementType === dataTypes.float16 ? castTo(emit, x, dataTypes.float32) : x
  const square = meanOver(emit, emit.node('Pow', [inner, emit.scalar(2, inner)]), axes)
  const root = emit.node('Sqrt', [emit.node('Add', [square, emit.scalar(epsilon, inner)])])
  const normalised = emit.node('Div', [inner, root])
  return emit.node('Mul', [inner === x ? normalised : castTo(emit, normalised, elementType), gamma])
}

/** The norm as a node asks for it: over the axes from `axis` on. */
function normOfNode(emit: Emitter, node: NodeProto, x: string, gamma: string): string {
  const rank = emit.shape(x).length
  const first = normaliseAxis(readInteger(node, 'axis', -1), rank)
  const axes = Array.from({ length: rank - first }, (_, offset) => first + offset)
  return rootMeanSquareNorm(emit, x, gamma, { axes, epsilon: readFloat(node, 'epsilon', 1e-5) })
}

/** `RMSNormalization`, `SimplifiedLayerNormalization` */
export const rmsNormalisation: Expansion = (emit, { node, required }) => [
  normOfNode(emit, node, required(0), required(1))
]

/** The norm of x + skip + bias; the fourth output is that sum: `SkipSimplifiedLayerNormalization` */
export const skipRmsNormalisation: Expansion = (emit, { node, required, optional }) => {
  const sum = addIfGiven(emit, emit.node('Add', [required(0), required(1)]), optional(3))
  return [normOfNode(emit, node, sum, required(2)), undefined, undefined, sum]
}

export function layerNorm(
  emit: Emitter,
  x: string,
  { gamma, beta, epsilon }: { gamma: string; beta: string | undefined; epsilon: number }
): string {
  const inputs = beta === undefined ? [x, gamma] : [x, gamma, beta]
  return emit.node('LayerNormalization', inputs, { axis: { int: -1 }, epsilon: { float: epsilon } })
}

/** The same with means subtracted and a shift β: `SkipLayerNormalization` */
export const skipLayerNormalisation: Expansion = (emit, { node, required, optional }) => {
  const sum = addIfGiven(emit, emit.node('Add', [required(0), required(1)]), optional(4))
  const settings = { gamma: required(2), beta: optional(3), epsilon: readFloat(node, 'epsilon', 1e-12) }
  return [layerNorm(emit, sum, settings), undefined, undefined, sum]
}
