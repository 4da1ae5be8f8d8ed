/**
 * Builds an ONNX graph node by node: every call adds one thing and answers with the name of its value, so
 * that expressions nest. Works on an empty graph or continues an existing model.
 */

import { type Attributes, type Dimension, nodeProto, tensorProto, valueInfoProto } from './build-messages.ts'
import { innerGraphs } from './graph-view.ts'
import type { GraphProto, ModelProto } from './messages.ts'
import { encodeModel } from './model-proto.ts'
import type { ElementType, TensorData } from './tensor.ts'

export type GraphBuilder = {
  /** The model under construction; nodes go to its end. */
  readonly model: ModelProto
  readonly input: (name: string, type: ElementType, dims: readonly Dimension[]) => string
  readonly output: (name: string, type: ElementType, dims: readonly Dimension[]) => string
  /** A constant; its name is `name`, numbered where that is taken. */
  readonly initializer: <T extends ElementType>(
    name: string,
    type: T,
    dims: readonly number[],
    data: TensorData[T]
  ) => string
  /** A node with one output, named after its operator; answers with the output's name. */
  readonly node: (op: string, inputs: readonly string[], attributes?: Attributes) => string
  /** A node with several outputs; answers with their names. */
  readonly nodes: (
    op: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputCount: number
  ) => string[]
  /** A node whose single output gets the given name. */
  readonly namedNode: (name: string, op: string, inputs: readonly string[], attributes?: Attributes) => string
  /** A name that nothing in the graph has: `wanted` itself where it is free, else `wanted_2`, `wanted_3`, … */
  readonly freshName: (wanted: string) => string
  /** The encoded model. */
  readonly build: () => Uint8Array
}

/** Every name of a graph and of the graphs inside its nodes; new names must differ from all of them. */
function collectNames({ input, initializer, node }: GraphProto, names: Set<string>): Set<string> {
  for (const { name } of [...input, ...initializer]) names.add(name)
  for (const inner of node) {
    for (const name of [inner.name, ...inner.output]) names.add(name)
    for (const graph of innerGraphs(inner)) collectNames(graph, names)
  }
  return names
}

/** Continues a model: what is added goes to the end of its graph, which is changed in place. */
export function continueGraph(model: ModelProto): GraphBuilder {
  const { graph } = model
  const names = collectNames(graph, new Set())
  const counts = new Map<string, number>()
  const freshName = (wanted: string): string => {
    let name = wanted
    while (names.has(name)) {
      const count = (counts.get(wanted) ?? 1) + 1
      counts.set(wanted, count)
      name = `${wanted}_${count}`
    }
    names.add(name)
    return name
  }
  const add = (
    op: string,
    inputs: readonly string[],
    outputs: string[],
    attributes?: Attributes
  ): string[] => {
    graph.node.push(nodeProto(op, freshName(`${outputs[0]}/node`), inputs, outputs, attributes))
    return outputs
  }
  const nodes: GraphBuilder['nodes'] = (op, inputs, attributes, outputCount) => {
    const outputs = Array.from({ length: outputCount }, () => freshName(op))
    return add(op, inputs, outputs, attributes)
  }
  return {
    model,
    input: (name, type, dims) => {
      names.add(name)
      graph.input.push(valueInfoProto(name, type, dims))
      return name
    },
    output: (name, type, dims) => {
      graph.output.push(valueInfoProto(name, type, dims))
      return name
    },
    initializer: (name, type, dims, data) => {
      const fresh = freshName(name)
      graph.initializer.push(tensorProto(fresh, type, dims, data))
      return fresh
    },
    node: (op, inputs, attributes = {}) => nodes(op, inputs, attributes, 1)[0],
    nodes,
    namedNode: (name, op, inputs, attributes) => {
      names.add(name)
      return add(op, inputs, [name], attributes)[0]
    },
    freshName,
    build: () => encodeModel(model)
  }
}

/** Starts an empty model for ONNX's operators of the given version, and other domains where stated. */
export function graphBuilder(settings: { opset: number; domains?: Record<string, number> }): GraphBuilder {
  const opsets = Object.entries({ '': settings.opset, ...settings.domains })
  return continueGraph({
    irVersion: 8n,
    producerName: 'anchorage',
    opsetImport: opsets.map(([domain, version]) => ({ domain, version: BigInt(version) })),
    metadataProps: [],
    functions: [],
    graph: { name: 'graph', node: [], initializer: [], input: [], output: [], valueInfo: [] }
  })
}
