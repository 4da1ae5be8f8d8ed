/** Normalisation over the last axis. */
import { rootMeanSquareNorm, layerNorm as standardised } from '#engine/onnx/expansions/normalisations.ts'
import type { ModelWriter } from '../model-writer.ts'

export type NormSettings = { readonly width: number; readonly epsilon: number; readonly bias?: boolean }

/** Layer normalisation by `name.weight` and `name.bias`. */
export function layerNorm(
  model: ModelWriter,
  x: string,
  name: string,
  { width, epsilon, bias = true }: NormSettings
): string {
  const gamma = model.weight(`${name}.weight`, [width], 'one')
  const beta = bias ? model.weight(`${name}.bias`, [width], 'zero') : undefined
  return standardised(model, x, { gamma, beta, epsilon })
}

/**
 * Root-mean-square normalisation by `name.weight`.
 * @param offset what is added to the weight: Gemma stores it as the difference from 1
 */
export function rmsNorm(
  model: ModelWriter,
  x: string,
  name: string,
  { width, epsilon, offset = 0 }: Omit<NormSettings, 'bias'> & { readonly offset?: number }
): string {
  const weight = model.weight(`${name}.weight`, [width], 'one')
  const gamma = offset === 0 ? weight : model.node('Add', [weight, model.scalar(offset, weight)])
  return rootMeanSquareNorm(model, x, gamma, { axes: [model.shape(x).length - 1], epsilon })
}
