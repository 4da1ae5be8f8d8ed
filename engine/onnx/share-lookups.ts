/**
 * Makes one lookup of those that read the same rows of the same table: optimisers leave a second one behind,
 * whose size alone is read, beside a fused one. Prompt vectors then have one place to enter.
 */
import { type GraphView, innerGraphs, isOperator, viewGraph } from './graph-view.ts'
import type { ModelProto, NodeProto } from './messages.ts'
import { readInteger } from './read-messages.ts'

/** Where indices come from, past changes of their type and name alone. */
function sourceOf(view: GraphView, name: string): string {
  const producer = view.producer(name)
  return isOperator(producer, 'Cast', 'Identity') ? sourceOf(view, producer.input[0]) : name
}

/** Lets every reader of a later, equal Gather from a constant table read the first one, in place. */
export function shareEqualLookups(model: ModelProto): void {
  const view = viewGraph(model)
  const { graph } = model
  const outputs = new Set(graph.output.map(({ name }) => name))
  const first = new Map<string, string>()
  const replaced = new Map<string, string>()
  const isRepeated = (node: NodeProto): boolean => {
    if (!isOperator(node, 'Gather') || readInteger(node, 'axis', 0) !== 0) return false
    const [table, indices] = node.input
    if (
      view.initializer(table) === undefined ||
      !view.inputs.some(({ name }) => name === sourceOf(view, indices))
    )
      return false
    const [output] = node.output
    const key = JSON.stringify([table, sourceOf(view, indices)])
    const before = first.get(key)
    if (before === undefined) first.set(key, output)
    // A branch reads values by name from outside; those names stay.
    const isFree =
      !outputs.has(output) && view.consumers(output).every((reader) => innerGraphs(reader).length === 0)
    if (before === undefined || !isFree) return false
    replaced.set(output, before)
    return true
  }
  graph.node = graph.node.filter((node) => !isRepeated(node))
  for (const node of graph.node) node.input = node.input.map((name) => replaced.get(name) ?? name)
}
