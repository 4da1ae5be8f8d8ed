/**
 * Which nodes of a graph lie between the tensors to differentiate by and the loss. Only floating-point tensors
 * carry gradients, so shape arithmetic, indices and masks fall out by themselves.
 */
import { dataTypes } from '../build-messages.ts'
import { valuesRead } from '../graph-view.ts'
import type { GraphProto, NodeProto } from '../messages.ts'
import type { ShapeTable } from './shapes/infer-shapes.ts'

const wholeTypes: ReadonlySet<number> = new Set([
  dataTypes.bool,
  dataTypes.int8,
  dataTypes.int32,
  dataTypes.int64,
  dataTypes.uint8
])

/** A tensor of a type that is not known is taken to carry a gradient, so that no operator is passed over. */
function carriesGradient(shapes: ShapeTable, name: string): boolean {
  const elementType = shapes.of(name)?.elementType
  return name !== '' && (elementType === undefined || !wholeTypes.has(elementType))
}

export type DifferentiablePath = {
  /** In the order of the graph. */
  readonly nodes: readonly NodeProto[]
  /** Whether a tensor depends on what is differentiated by. */
  readonly depends: (name: string) => boolean
  /** Whether the loss depends on a tensor that itself depends on what is differentiated by. */
  readonly reaches: (name: string) => boolean
}

/** The nodes on every path from `withRespectTo` to `loss` along floating-point tensors. */
export function differentiablePath(
  graph: GraphProto,
  shapes: ShapeTable,
  loss: string,
  withRespectTo: readonly string[]
): DifferentiablePath {
  const dependent = new Set(withRespectTo)
  const downstream = graph.node.filter((node) => {
    if (![...valuesRead(node)].some((name) => dependent.has(name))) return false
    const carried = node.output.filter((name) => carriesGradient(shapes, name))
    for (const name of carried) dependent.add(name)
    return carried.length > 0
  })
  const leadsToLoss = new Set([loss])
  const nodes = downstream.toReversed().filter((node) => {
    if (!node.output.some((name) => leadsToLoss.has(name))) return false
    for (const name of valuesRead(node)) if (dependent.has(name)) leadsToLoss.add(name)
    return true
  })
  return {
    nodes: nodes.toReversed(),
    depends: (name) => dependent.has(name),
    reaches: (name) => leadsToLoss.has(name)
  }
}
