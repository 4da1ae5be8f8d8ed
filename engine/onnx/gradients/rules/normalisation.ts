/** Gradients of layer normalisation as one operator; its decomposed form needs no rule of its own. */
import { dataTypes } from '#engine/onnx/build-messages.ts'
import { readInteger } from '#engine/onnx/read-messages.ts'
import { meanOver, sumToShapeOf } from '../emit-shapes.ts'
import type { Emitter } from '../emitter.ts'
import { normaliseAxis } from '../shapes/dimensions.ts'
import type { GradientRule, GradientSite } from './rule.ts'

/**
 * y = γ · x̂ + β with x̂ = (x − μ) · r, where μ and r = 1/√(variance + ε) are taken over the axes from `axis`
 * on. With h = g · γ: d_x = r · (h − mean h − x̂ · mean(h · x̂)), d_γ = g · x̂ and d_β = g, summed to γ and β.
 */
export const layerNormalisation: GradientRule = (emit, site) => {
  const {
    node,
    inputs: [x, gamma, beta],
    gradient: g
  } = site
  const rank = emit.shape(x).length
  const first = normaliseAxis(readInteger(node, 'axis', -1), rank)
  const axes = Array.from({ length: rank - first }, (_, offset) => first + offset)
  return [
    () => {
      const { normalised, inverseDeviation } = statistics(emit, site, axes)
      const h = emit.node('Mul', [g, gamma])
      const along = meanOver(emit, emit.node('Mul', [h, normalised]), axes)
      const centred = emit.node('Sub', [h, meanOver(emit, h, axes)])
      const across = emit.node('Sub', [centred, emit.node('Mul', [normalised, along])])
      return emit.node('Mul', [across, inverseDeviation])
    },
    () => sumToShapeOf(emit, emit.node('Mul', [g, statistics(emit, site, axes).normalised]), gamma),
    () => sumToShapeOf(emit, g, beta)
  ]
}

/** x̂ and r, from the optional outputs μ and r of the node, which are float32 whatever x is. */
function statistics(
  emit: Emitter,
  { node, inputs: [x] }: GradientSite,
  axes: readonly number[]
): { normalised: string; inverseDeviation: string } {
  const shape = emit.shape(x).map((size, axis) => (axes.includes(axis) ? 1 : size))
  const facts = { elementType: dataTypes.float32, shape }
  const outputs = emit.furtherOutputs(node, { mean: facts, inverse_deviation: facts })
  const [mean, inverseDeviation] = outputs.map((name) => castLike(emit, name, x))
  const centred = emit.node('Sub', [x, mean])
  return { normalised: emit.node('Mul', [centred, inverseDeviation]), inverseDeviation }
}

function castLike(emit: Emitter, name: string, like: string): string {
  const [own, wanted] = [emit.facts(name).elementType, emit.facts(like).elementType]
  return own === wanted || wanted === undefined ? name : emit.node('Cast', [name], { to: { int: wanted } })
}
