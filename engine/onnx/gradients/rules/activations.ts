/** Gradients of activation functions and of softmax. */

import { readInteger, readText } from '#engine/onnx/read-messages.ts'
import { sumOver } from '../emit-shapes.ts'
import type { Emitter } from '../emitter.ts'
import { normaliseAxis } from '../shapes/dimensions.ts'
import type { GradientRule, GradientSite } from './rule.ts'

/** y = erf x: d_x = g · 2/√π · e^(−x²) */
export const errorFunction: GradientRule = (emit, { inputs: [x], gradient }) => [
  () => {
    const bell = emit.node('Exp', [emit.node('Neg', [emit.node('Mul', [x, x])])])
    return emit.node('Mul', [gradient, emit.node('Mul', [bell, emit.scalar(2 / Math.sqrt(Math.PI), x)])])
  }
]

/** y = tanh x: d_x = g · (1 − y²) */
export const hyperbolicTangent: GradientRule = (emit, { inputs: [x], outputs: [y], gradient }) => [
  () => {
    const slope = emit.node('Sub', [emit.scalar(1, x), emit.node('Mul', [y, y])])
    return emit.node('Mul', [gradient, slope])
  }
]

/** y = σ(x): d_x = g · y · (1 − y) */
export const sigmoid: GradientRule = (emit, { inputs: [x], outputs: [y], gradient }) => [
  () => {
    const slope = emit.node('Mul', [y, emit.node('Sub', [emit.scalar(1, x), y])])
    return emit.node('Mul', [gradient, slope])
  }
]

/** y = max(x, 0): d_x = g where y > 0, else 0 */
export const rectifier: GradientRule = (emit, { inputs: [x], outputs: [y], gradient }) => [
  () => {
    const zero = emit.scalar(0, x)
    return emit.node('Where', [emit.node('Greater', [y, zero]), gradient, zero])
  }
]

/** y = x · Φ(x), by erf or by the approximation with tanh, as the attribute says */
export const gelu: GradientRule = (emit, { node, inputs: [x], gradient }) => [
  () => {
    const slope = readText(node, 'approximate', 'none') === 'tanh' ? geluSlopeByTanh : geluSlopeByErf
    return emit.node('Mul', [gradient, slope(emit, x)])
  }
]

/** Φ(x) + x · φ(x) = ½ (1 + erf(x/√2)) + x · e^(−x²/2) / √(2π) */
function geluSlopeByErf(emit: Emitter, x: string): string {
  const times = (a: string, factor: number) => emit.node('Mul', [a, emit.scalar(factor, x)])
  const half = times(emit.node('Erf', [times(x, Math.SQRT1_2)]), 0.5)
  const bell = emit.node('Exp', [times(emit.node('Mul', [x, x]), -0.5)])
  const tail = emit.node('Mul', [x, times(bell, 1 / Math.sqrt(2 * Math.PI))])
  return emit.node('Add', [emit.node('Add', [half, emit.scalar(0.5, x)]), tail])
}

/** With t = tanh(c (x + a x³)), c = √(2/π), a = 0.044715: ½ (1 + t) + ½ x (1 − t²) · c (1 + 3 a x²) */
function geluSlopeByTanh(emit: Emitter, x: string): string {
  const [c, a] = [Math.sqrt(2 / Math.PI), 0.044715]
  const times = (tensor: string, factor: number) => emit.node('Mul', [tensor, emit.scalar(factor, x)])
  const plus = (tensor: string, term: number) => emit.node('Add', [tensor, emit.scalar(term, x)])
  const square = emit.node('Mul', [x, x])
  const t = emit.node('Tanh', [emit.node('Mul', [x, plus(times(square, c * a), c)])])
  const bend = emit.node('Sub', [emit.scalar(1, x), emit.node('Mul', [t, t])])
  const inner = emit.node('Mul', [x, plus(times(square, 3 * c * a), c)])
  return times(emit.node('Add', [plus(t, 1), emit.node('Mul', [bend, inner])]), 0.5)
}

/**
 * The axes that a softmax normalises over: since operator set 13 the one axis, before it the axis and all that
 * follow (the operator made a matrix of its input there).
 */
function softmaxAxes(emit: Emitter, { node, inputs: [x] }: GradientSite): number[] {
  const rank = emit.shape(x).length
  const isOneAxis = emit.opset >= 13
  const axis = normaliseAxis(readInteger(node, 'axis', isOneAxis ? -1 : 1), rank)
  return isOneAxis ? [axis] : Array.from({ length: rank - axis }, (_, offset) => axis + offset)
}

/** y = softmax x: d_x = y · (g − Σ g · y) */
export const softmax: GradientRule = (emit, site) => [
  () => {
    const {
      outputs: [y],
      gradient
    } = site
    const mean = sumOver(emit, emit.node('Mul', [gradient, y]), softmaxAxes(emit, site), true)
    return emit.node('Mul', [y, emit.node('Sub', [gradient, mean])])
  }
]

/** y = log softmax x: d_x = g − e^y · Σ g */
export const logSoftmax: GradientRule = (emit, site) => [
  () => {
    const {
      outputs: [y],
      gradient
    } = site
    const total = sumOver(emit, gradient, softmaxAxes(emit, site), true)
    return emit.node('Sub', [gradient, emit.node('Mul', [emit.node('Exp', [y]), total])])
  }
]
