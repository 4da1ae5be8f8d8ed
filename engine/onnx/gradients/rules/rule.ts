/**
 * What a gradient rule is. For one node, a rule answers per input with a function that appends the nodes of
 * ∂loss/∂input and names its result; the driver calls it only for inputs whose gradient is wanted. `undefined`
 * stands for an input that no gradient flows into (indices, conditions, sizes).
 *
 * In the rules' comments `y` is the output, `g` is ∂loss/∂y and `d_x` is ∂loss/∂x, all of the shape of their
 * tensor; `sum to x` undoes a broadcast.
 */
import type { NodeProto } from '#engine/onnx/messages.ts'
import { sumToShapeOf } from '../emit-shapes.ts'
import type { Emitter } from '../emitter.ts'
import type { NodeFacts } from '../shapes/tensor-facts.ts'

export type GradientSite = {
  readonly node: NodeProto
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** ∂loss/∂output of the first output; for an operator with several see `gradients`. */
  readonly gradient: string
  /** Per output; undefined for one that does not reach the loss. */
  readonly gradients: readonly (string | undefined)[]
}

export type InputGradient = () => string

export type GradientRule = (emit: Emitter, site: GradientSite) => (InputGradient | undefined)[]

/** A rule for an operator that broadcasts: each gradient is summed to the shape of its input. */
export function broadcasting(rule: GradientRule): GradientRule {
  return (emit, site) =>
    rule(emit, site).map((gradient, index) =>
      gradient === undefined ? undefined : () => sumToShapeOf(emit, gradient(), site.inputs[index])
    )
}

/** What is known of a node's inputs, in the form that the readers of axes take. */
export function nodeFacts(emit: Emitter, { node, inputs }: GradientSite): NodeFacts {
  return { node, opset: emit.opset, inputs: inputs.map((name) => emit.facts(name)) }
}
