/** The weights of a model in training: their start, where they are kept between sessions, and the graph over them. */

import type { WeightSource } from '#engine/architectures/weight-source.ts'
import { writeGraph } from '#engine/architectures/write-graph.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { tensorProto } from '#engine/onnx/build-messages.ts'
import type { GraphBuilder } from '#engine/onnx/graph-builder.ts'
import { type LanguageModelShape, modelConfig } from './language-model-shape.ts'

export type Weight = { readonly dims: readonly number[]; readonly values: Float32Array<ArrayBuffer> }
export type Weights = ReadonlyMap<string, Weight>

/** Standard deviation of BERT's and GPT-2's initial weights; small models need a little more. */
const startDeviation = 0.04

/** The graph over weights that `values` gives, which lie in it: matrices `[in, out]`, as exporters write them. */
function graphOver(
  shape: LanguageModelShape,
  values: (...asked: Parameters<WeightSource['initializer']>) => Float32Array
): GraphBuilder {
  return writeGraph(
    { path: 'config.json', settings: modelConfig(shape) },
    {
      matrices: 'in-out',
      has: () => true,
      initializer: (name, dims, start) => tensorProto(name, 'float32', dims, values(name, dims, start))
    }
  )
}

/** Fresh weights for a shape, by seed. */
export function startWeights(shape: LanguageModelShape, seed: number): Weights {
  const weights = new Map<string, Weight>()
  graphOver(shape, (name, dims, start) => {
    const count = dims.reduce((product, size) => product * size, 1)
    const values =
      start === 'normal'
        ? seededNormal(seed + weights.size, count, 0, startDeviation)
        : new Float32Array(count).fill(start === 'one' ? 1 : 0)
    weights.set(name, { dims, values })
    return values
  })
  return weights
}

/** The graph of a model with the weights as they are now. */
export function trainedGraph(shape: LanguageModelShape, weights: Weights): GraphBuilder {
  return graphOver(shape, (name) => {
    const weight = weights.get(name)
    if (weight === undefined) throw new RangeError(`the weight ${name} is not there`)
    return weight.values
  })
}
