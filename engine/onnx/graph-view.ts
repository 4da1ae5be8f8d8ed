/**
 * A graph to look around in: who makes a value, who reads it, whether it is a constant. It shows the graph as
 * it is when the view is made; after a change, make another.
 */
import type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from './messages.ts'

export type GraphView = {
  readonly graph: GraphProto
  /** The version of a domain's operators (ONNX's own when none is named), or undefined. */
  readonly opset: (domain?: string) => number | undefined
  /** The node that makes a value; undefined for inputs and initializers. */
  readonly producer: (name: string) => NodeProto | undefined
  /** The nodes that read a value, those with a branch or body that reads it included. */
  readonly consumers: (name: string) => readonly NodeProto[]
  readonly initializer: (name: string) => TensorProto | undefined
  /** Inputs that a run must feed: not those that an initializer gives a value. */
  readonly inputs: readonly ValueInfoProto[]
  /** Whether a value is the same in every run. */
  readonly isConstant: (name: string) => boolean
}

/** A node of ONNX's own operators, whose domain has two spellings. */
type StandardNode = NodeProto & { domain: '' | 'ai.onnx' }

/** Whether a node is one of ONNX's own operators of the given names. */
export function isOperator(node: NodeProto | undefined, ...names: string[]): node is StandardNode {
  return (
    node !== undefined && (node.domain === '' || node.domain === 'ai.onnx') && names.includes(node.opType)
  )
}

/** An operator's name, with its domain (`com.microsoft.Gelu`) where that is not ONNX's own. */
export function operatorName({ domain, opType }: NodeProto): string {
  return domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`
}

/** The graphs inside a node: the branches of an If, the body of a Loop. */
export function innerGraphs(node: NodeProto): GraphProto[] {
  return node.attribute.flatMap(({ g, graphs = [] }) => (g ? [g, ...graphs] : graphs))
}

/**
 * Every value that a node reads, from within its inner graphs as well: of these what they make themselves counts not,
 * which merged exports give the names that the node's outputs have.
 */
export function valuesRead(node: NodeProto): Set<string> {
  const names = new Set(node.input.filter((name) => name !== ''))
  for (const { node: nodes, input, initializer, output } of innerGraphs(node)) {
    const own = new Set([...input, ...initializer].map(({ name }) => name))
    for (const inner of nodes) for (const name of inner.output) own.add(name)
    const read = [...output.map(({ name }) => name), ...nodes.flatMap((inner) => [...valuesRead(inner)])]
    for (const name of read) if (!own.has(name)) names.add(name)
  }
  return names
}

/** A value that is constant when all that its node reads is: what is still to be looked at, and what was last. */
type Inspection = { readonly name: string; readonly left: string[]; last: string | undefined }

export function viewGraph({ graph, opsetImport }: ModelProto): GraphView {
  const initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]))
  const producers = new Map<string, NodeProto>()
  const consumers = new Map<string, NodeProto[]>()
  for (const node of graph.node) {
    for (const name of node.output) producers.set(name, node)
    for (const name of valuesRead(node)) {
      const readers = consumers.get(name)
      if (readers === undefined) consumers.set(name, [node])
      else readers.push(node)
    }
  }
  const inputs = graph.input.filter(({ name }) => !initializers.has(name))
  const constants = new Map<string, boolean>(inputs.map(({ name }) => [name, false]))
  // Not by recursion: a chain of constants is as long as its file likes.
  const isConstant = (asked: string): boolean => {
    const open: Inspection[] = []
    const inspect = (name: string): void => {
      const producer = producers.get(name)
      if (constants.has(name)) return
      if (producer === undefined) constants.set(name, initializers.has(name))
      else open.push({ name, left: [...valuesRead(producer)], last: undefined })
    }
    inspect(asked)
    for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
      const isDecided = at.last !== undefined && constants.get(at.last) === false
      at.last = isDecided ? undefined : at.left.pop()
      if (at.last !== undefined) inspect(at.last)
      else {
        constants.set(at.name, !isDecided)
        open.pop()
      }
    }
    return constants.get(asked) === true
  }
  return {
    graph,
    opset: (domain = '') => {
      const found = opsetImport.find((entry) => (entry.domain === 'ai.onnx' ? '' : entry.domain) === domain)
      return found && Number(found.version)
    },
    producer: (name) => producers.get(name),
    consumers: (name) => consumers.get(name) ?? [],
    initializer: (name) => initializers.get(name),
    inputs,
    isConstant
  }
}
