/**
 * Takes the states at chosen positions as early in a graph as it allows: what follows the last attention works position
 * by position, so that of a last layer only its keys, values and queries are computed everywhere.
 */

import type { ShapeTable } from './gradients/shapes/infer-shapes.ts'
import type { GraphBuilder } from './graph-builder.ts'
import { type GraphView, isOperator, viewGraph } from './graph-view.ts'
import { insertNodes } from './insert-nodes.ts'
import type { NodeProto } from './messages.ts'
import { readInteger } from './read-messages.ts'

/** Operators that make each element of their result of those at its place in their inputs, small ones repeated. */
const elementwise = [
  ...['Identity', 'Cast', 'Neg', 'Abs', 'Sqrt', 'Exp', 'Erf', 'Tanh', 'Sigmoid', 'Relu', 'Gelu'],
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'Where']
]

/** Whether a mean is over the last axis of three, which is kept. */
function isOverLast(node: NodeProto, shapes: ShapeTable): boolean {
  const attribute = node.attribute.find(({ name }) => name === 'axes')?.ints?.map(Number)
  const axes = attribute ?? shapes.of(node.input[1] ?? '')?.values
  return axes?.length === 1 && (axes[0] === -1 || axes[0] === 2) && readInteger(node, 'keepdims', 1) === 1
}

/** The inputs of a node that vary with the position, where its result at one depends on them at that one alone. */
function positionwiseInputs(
  node: NodeProto | undefined,
  view: GraphView,
  shapes: ShapeTable
): string[] | undefined {
  if (node === undefined || node.output.length !== 1) return undefined
  const shapeOf = (name: string) => shapes.of(name)?.shape
  const [first, ...others] = node.input
  if (isOperator(node, 'MatMul'))
    return view.isConstant(others[0]) && shapeOf(others[0])?.length === 2 ? [first] : undefined
  if (isOperator(node, 'LayerNormalization'))
    return [-1, 2].includes(readInteger(node, 'axis', -1)) && others.every(view.isConstant)
      ? [first]
      : undefined
  if (isOperator(node, 'ReduceMean')) return isOverLast(node, shapes) ? [first] : undefined
  if (!isOperator(node, ...elementwise)) return undefined
  const isRow = (name: string) =>
    shapeOf(name)
      ?.slice(0, -1)
      .every((size) => size === 1)
  const varying = node.input.filter((name) => !view.isConstant(name))
  const constants = node.input.filter((name) => view.isConstant(name))
  return constants.every(isRow) ? varying : undefined
}

/**
 * Lets the first input `[batch, sequence, width]` of a product be of the positions `[n, 2]` alone, pairs of row and
 * position, as `[n, width]`: they are gathered where nothing behind needs the others any more. The graph must hold no more
 * than its outputs need.
 */
export function gatherEarly(
  graph: GraphBuilder,
  shapes: ShapeTable,
  product: NodeProto,
  positions: string
): void {
  const view = viewGraph(graph.model)
  const own = graph.model.graph
  const [states, matrix] = product.input
  const axes = shapes.of(states)?.shape
  const isPositional = (name: string): boolean => {
    const shape = shapes.of(name)?.shape
    return axes?.length === 3 && shape?.length === 3 && shape[0] === axes[0] && shape[1] === axes[1]
  }
  /** The nodes that compute for the positions alone, with what varies of their inputs. */
  const early = new Map<NodeProto, readonly string[]>([[product, [states]]])
  for (const node of own.node.slice(0, own.node.indexOf(product)).reverse()) {
    const isReadEarly = (name: string): boolean =>
      view.consumers(name).every((reader) => early.get(reader)?.includes(name) === true)
    const varying = node.output.every(isReadEarly) ? positionwiseInputs(node, view, shapes) : undefined
    if (varying?.every(isPositional) === true) early.set(node, varying)
  }
  const computed = new Set([...early.keys()].flatMap(({ output }) => output))
  const gathered = new Map<string, string>()
  // With an axis of one position in between, so that every operator finds as many axes as it was written for.
  const pairs = insertNodes(graph, 'before', own.node[0], () =>
    graph.node('Reshape', [positions, integers(graph, [0, 1, 2])])
  )
  for (const [node, varying] of [...early].reverse())
    for (const name of varying) {
      if (computed.has(name)) continue
      const chosen =
        gathered.get(name) ?? insertNodes(graph, 'before', node, () => graph.node('GatherND', [name, pairs]))
      gathered.set(name, chosen)
      node.input = node.input.map((one) => (one === name ? chosen : one))
    }
  insertNodes(graph, 'before', product, () => {
    product.input = [graph.node('Reshape', [product.input[0], integers(graph, [0, -1])]), matrix]
  })
  own.valueInfo = own.valueInfo.filter(({ name }) => !computed.has(name))
}

function integers(graph: GraphBuilder, values: readonly number[]): string {
  return graph.initializer('sizes', 'int64', [values.length], BigInt64Array.from(values, BigInt))
}
