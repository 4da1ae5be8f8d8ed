/** Activation functions as plain operators, and the operators that optimisers fuse them to with the bias before them. */
import type { Emitter } from '../gradients/emitter.ts'
import { readFloat } from '../read-messages.ts'
import type { Expansion } from './expansion.ts'
import { addIfGiven, times } from './words.ts'

function onePlus(emit: Emitter, x: string): string {
  return emit.node('Add', [x, emit.scalar(1, x)])
}

/** ½ x (1 + erf(x/√2)), in the order that onnxruntime makes one operator of */
export function geluOfErf(emit: Emitter, x: string): string {
  const bell = onePlus(emit, emit.node('Erf', [emit.node('Div', [x, emit.scalar(Math.SQRT2, x)])]))
  return times(emit, emit.node('Mul', [x, bell]), 0.5)
}

/** ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), in the order that onnxruntime makes one operator of */
export function geluOfTanh(emit: Emitter, x: string): string {
  const cube = emit.node('Pow', [x, emit.scalar(3, x)])
  const inner = emit.node('Add', [x, times(emit, cube, 0.044715)])
  const tanh = emit.node('Tanh', [times(emit, inner, Math.sqrt(2 / Math.PI))])
  return emit.node('Mul', [times(emit, x, 0.5), onePlus(emit, tanh)])
}

/** x σ(α x): SiLU for α = 1 */
export function sigmoidGate(emit: Emitter, x: string, alpha: number): string {
  return emit.node('Mul', [x, emit.node('Sigmoid', [times(emit, x, alpha)])])
}

/** `Gelu`, `BiasGelu` */
export const geluByErf: Expansion = (emit, { required, optional }) => [
  geluOfErf(emit, addIfGiven(emit, required(0), optional(1)))
]

/** `FastGelu` */
export const geluByTanh: Expansion = (emit, { required, optional }) => [
  geluOfTanh(emit, addIfGiven(emit, required(0), optional(1)))
]

/** `QuickGelu` */
export const quickGelu: Expansion = (emit, { node, required }) => [
  sigmoidGate(emit, required(0), readFloat(node, 'alpha', 1.702))
]
