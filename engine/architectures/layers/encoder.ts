/** The layers of BERT's encoder, which RoBERTa and ELECTRA have under names of their own. */
import type { ModelWriter } from '../model-writer.ts'
import { type ActivationName, activate } from './activations.ts'
import { selfAttention } from './attention.ts'
import { linear } from './linear.ts'
import { layerNorm } from './normalisations.ts'

export type EncoderSettings = {
  readonly hidden_size: number
  readonly num_hidden_layers: number
  readonly num_attention_heads: number
  readonly intermediate_size: number
  readonly hidden_act: ActivationName
  readonly layer_norm_eps: number
}

/**
 * `x [batch, sequence, hidden_size]` through every layer.
 * @param name of the list of layers: `bert.encoder.layer`
 * @param biases added to the scores of attention
 */
export function encoder(
  model: ModelWriter,
  x: string,
  name: string,
  settings: EncoderSettings,
  biases: readonly string[]
): string {
  let encoded = x
  for (let layer = 0; layer < settings.num_hidden_layers; layer++) {
    encoded = encoderLayer(model, encoded, `${name}.${layer}`, settings, biases)
  }
  return encoded
}

/** One layer after the original Transformer: attention and feed-forward, each followed by normalisation. */
function encoderLayer(
  model: ModelWriter,
  x: string,
  name: string,
  settings: EncoderSettings,
  biases: readonly string[]
): string {
  const { hidden_size: width, num_attention_heads: heads } = settings
  const self = `${name}.attention.self`
  const names = {
    query: `${self}.query`,
    key: `${self}.key`,
    value: `${self}.value`,
    output: `${name}.attention.output.dense`
  }
  const attended = selfAttention(model, x, names, { width, heads, biases })
  const norm = { width, epsilon: settings.layer_norm_eps }
  const middle = layerNorm(
    model,
    model.node('Add', [attended, x]),
    `${name}.attention.output.LayerNorm`,
    norm
  )
  return feedForward(model, middle, name, settings)
}

/** `intermediate.dense`, activation, `output.dense`, and the normalisation of the sum with `x`. */
export function feedForward(
  model: ModelWriter,
  x: string,
  name: string,
  settings: Pick<EncoderSettings, 'hidden_size' | 'intermediate_size' | 'hidden_act' | 'layer_norm_eps'>
): string {
  const { hidden_size: width, intermediate_size: inner, hidden_act: act } = settings
  const raised = linear(model, x, `${name}.intermediate.dense`, { inputs: width, outputs: inner })
  const lowered = linear(model, activate(model, act, raised), `${name}.output.dense`, {
    inputs: inner,
    outputs: width
  })
  const sum = model.node('Add', [lowered, x])
  return layerNorm(model, sum, `${name}.output.LayerNorm`, { width, epsilon: settings.layer_norm_eps })
}
