/**
 * Goes through a graph once, in its order, and notes what is known of every tensor before a run: element
 * type, shape with named sizes, and the elements of small whole-number tensors.
 */
import type { GraphProto, ValueInfoProto } from '#engine/onnx/messages.ts'
import { readValues } from '#engine/onnx/read-messages.ts'
import { shapeRules } from './shape-rules.ts'
import type { NodeFacts, TensorFacts } from './tensor-facts.ts'
import { valueRules } from './value-rules.ts'

/** What is known of the graph's tensors, by name; facts of nodes that are added later can be noted too. */
export type ShapeTable = {
  readonly of: (name: string) => TensorFacts | undefined
  /** Notes the facts of a tensor that no node of the graph makes. */
  readonly note: (name: string, facts: TensorFacts) => void
  /** Notes the facts of a node's outputs; the facts of its inputs must be there. */
  readonly noteNode: (node: NodeFacts['node']) => void
}

function declaredFacts({ name, type }: ValueInfoProto): TensorFacts {
  const tensor = type?.tensorType
  const shape = tensor?.shape?.dim.map((dim, axis) => {
    if (dim.dimValue !== undefined && dim.dimValue !== null) return Number(dim.dimValue)
    return dim.dimParam ? dim.dimParam : `${name}[${axis}]`
  })
  return { elementType: tensor?.elemType, shape }
}

function outputFacts(facts: NodeFacts): (TensorFacts | undefined)[] {
  const isStandard = facts.node.domain === '' || facts.node.domain === 'ai.onnx'
  if (!isStandard) return []
  const shapes = shapeRules[facts.node.opType]?.(facts) ?? []
  const values = valueRules[facts.node.opType]?.(facts)
  return values === undefined ? shapes : [{ ...shapes[0], values }, ...shapes.slice(1)]
}

/**
 * Notes what a graph says of its inputs and initializers; its nodes are still to be noted, in their order. Where
 * an operator has no rule, the shape that the file declares for its result (`value_info`) is taken.
 */
export function beginShapes(graph: GraphProto, opset: number): ShapeTable {
  const table = new Map<string, TensorFacts>()
  const declared = new Map(
    [...graph.valueInfo, ...graph.output].map((info) => [info.name, declaredFacts(info)])
  )
  for (const info of graph.input) table.set(info.name, declaredFacts(info))
  for (const tensor of graph.initializer) {
    const shape = tensor.dims.map(Number)
    table.set(tensor.name, { elementType: tensor.dataType, shape, values: readValues(tensor) })
  }
  const noteNode = (node: NodeFacts['node']): void => {
    const inputs = node.input.map((name) => table.get(name))
    const inferred = outputFacts({ node, opset, inputs })
    for (const [index, name] of node.output.entries()) {
      const [own, file] = [inferred[index], declared.get(name)]
      table.set(name, {
        elementType: own?.elementType ?? file?.elementType,
        shape: own?.shape ?? file?.shape,
        values: own?.values
      })
    }
  }
  return { of: (name) => table.get(name), note: (name, facts) => table.set(name, facts), noteNode }
}

/** Infers shapes through the whole graph. */
export function inferShapes(graph: GraphProto, opset: number): ShapeTable {
  const table = beginShapes(graph, opset)
  for (const node of graph.node) table.noteNode(node)
  return table
}
