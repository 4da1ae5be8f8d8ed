/** Copies a model for a rewrite, so that one file read once serves several graphs. */
import type { ModelProto } from './messages.ts'

/**
 * A model whose graph can be added to and whose nodes can be given other inputs and outputs without the
 * original noticing; attributes and weights are shared.
 */
export function copyModel(model: ModelProto): ModelProto {
  const { graph } = model
  return {
    ...model,
    graph: {
      ...graph,
      node: graph.node.map((node) => ({ ...node, input: [...node.input], output: [...node.output] })),
      initializer: [...graph.initializer],
      input: [...graph.input],
      output: [...graph.output],
      valueInfo: [...graph.valueInfo]
    }
  }
}
