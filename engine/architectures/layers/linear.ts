/** Linear layers: `x Wᵀ + b`. */
import type { ModelWriter } from '../model-writer.ts'

/**
 * `[.., inputs] → [.., outputs]` by the weights `name.weight [outputs, inputs]` and `name.bias [outputs]`.
 * @param bias whether the layer has one
 */
export function linear(
  model: ModelWriter,
  x: string,
  name: string,
  { inputs, outputs, bias = true }: { inputs: number; outputs: number; bias?: boolean }
): string {
  const product = model.node('MatMul', [x, model.matrix(`${name}.weight`, inputs, outputs)])
  return bias ? model.node('Add', [product, model.weight(`${name}.bias`, [outputs], 'zero')]) : product
}

/** GPT-2's `Conv1D`: a linear layer whose matrix is stored `[inputs, outputs]`. */
export function convolution1d(
  model: ModelWriter,
  x: string,
  name: string,
  { inputs, outputs }: { inputs: number; outputs: number }
): string {
  const product = model.node('MatMul', [x, model.weight(`${name}.weight`, [inputs, outputs], 'normal')])
  return model.node('Add', [product, model.weight(`${name}.bias`, [outputs], 'zero')])
}
