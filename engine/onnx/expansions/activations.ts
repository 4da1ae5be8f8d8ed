/** The activation functions that optimisers fuse, with the bias before them. */
import type { Emitter } from '../gradients/emitter.ts'
import { readFloat } from '../read-messages.ts'
import type { Expansion } from './expansion.ts'
import { addIfGiven, times } from './words.ts'

function onePlus(emit: Emitter, x: string): string {
  return emit.node('Add', [x, emit.scalar(1, x)])
}

/** ½ x (1 + erf(x/√2)) of x + bias: `Gelu`, `BiasGelu` */
export const geluByErf: Expansion = (emit, { required, optional }) => {
  const x = addIfGiven(emit, required(0), optional(1))
  const bell = onePlus(emit, emit.node('Erf', [times(emit, x, Math.SQRT1_2)]))
  return [emit.node('Mul', [times(emit, x, 0.5), bell])]
}

/** ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))) of x + bias: `FastGelu` */
export const geluByTanh: Expansion = (emit, { required, optional }) => {
  const c = Math.sqrt(2 / Math.PI)
  const x = addIfGiven(emit, required(0), optional(1))
  const bend = times(emit, emit.node('Mul', [x, x]), c * 0.044715)
  const inner = emit.node('Mul', [x, emit.node('Add', [bend, emit.scalar(c, x)])])
  return [emit.node('Mul', [times(emit, x, 0.5), onePlus(emit, emit.node('Tanh', [inner]))])]
}

/** x σ(α x): `QuickGelu` */
export const quickGelu: Expansion = (emit, { node, required }) => {
  const x = required(0)
  const slope = emit.node('Sigmoid', [times(emit, x, readFloat(node, 'alpha', 1.702))])
  return [emit.node('Mul', [x, slope])]
}
