/** The weights of a model in training: their start, and where they are kept between sessions. */

import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { buildLanguageModel } from '#engine/onnx/language-models/build-language-model.ts'
import type { LanguageModelShape, WeightSource } from '#engine/onnx/language-models/language-model-shape.ts'

export type Weight = { readonly dims: readonly number[]; readonly values: Float32Array<ArrayBuffer> }
export type Weights = ReadonlyMap<string, Weight>

/** Standard deviation of BERT's and GPT-2's initial weights; small models need a little more. */
const startDeviation = 0.04

/** Fresh weights for a shape, by seed. */
export function startWeights(shape: LanguageModelShape, seed: number): Weights {
  const weights = new Map<string, Weight>()
  const source: WeightSource = (name, dims, start) => {
    const count = dims.reduce((product, size) => product * size, 1)
    const values =
      start === 'normal'
        ? seededNormal(seed + weights.size, count, 0, startDeviation)
        : new Float32Array(count).fill(start === 'one' ? 1 : 0)
    weights.set(name, { dims, values })
    return values
  }
  buildLanguageModel(shape, source)
  return weights
}

/** The source of a model's weights from those kept. */
export function weightSource(weights: Weights): WeightSource {
  return (name) => {
    const weight = weights.get(name)
    if (weight === undefined) throw new RangeError(`the weight ${name} is not there`)
    return weight.values
  }
}
