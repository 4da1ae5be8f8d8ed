/**
 * What every graph must be before anything walks it: each value made once, nothing made from itself, sizes that are
 * sizes. The walks elsewhere follow producers until they come to an input, and rely on it.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { innerGraphs, valuesRead } from './graph-view.ts'
import type { GraphProto, NodeProto } from './messages.ts'

/** Nodes of a graph with those of its branches; the largest language models have some 50,000. */
const mostNodes = 1_000_000
const deepestBranches = 16
const mostDimensions = 64

function malformed(path: string, found: string): AnchorageError {
  return new AnchorageError('file-malformed', 'The ONNX graph is not one that can be computed.', {
    where: path,
    found,
    expected: 'values that are each made once, from others, with sizes from 0 on',
    next: 'Export the model again.'
  })
}

function nameOf({ name, opType, output }: NodeProto): string {
  return `node ${(name || output[0] || '').slice(0, 100)} (${opType.slice(0, 100)})`
}

function checkSizes({ initializer }: GraphProto, path: string): void {
  for (const { name, dims } of initializer) {
    const fits = dims.length <= mostDimensions && dims.every((size) => size >= 0n && size < 2n ** 53n)
    if (!fits) {
      const found = `tensor ${name.slice(0, 100)} [${dims.slice(0, 8).join(', ')}]`
      throw malformed(path, found)
    }
  }
}

/** The node that makes each value. */
function producersOf(graph: GraphProto, path: string): ReadonlyMap<string, NodeProto> {
  const producers = new Map<string, NodeProto>()
  for (const node of graph.node) {
    for (const name of node.output) {
      if (name === '') continue
      if (producers.has(name)) throw malformed(path, `the value ${name.slice(0, 100)}, made twice`)
      producers.set(name, node)
    }
  }
  return producers
}

/** Goes from every node to those that it reads from; a node on the way that is met again closes a circle. */
function checkCircles(graph: GraphProto, path: string): void {
  const producers = producersOf(graph, path)
  const state = new Map<NodeProto, 'on the way' | 'done'>()
  for (const first of graph.node) {
    const way: { node: NodeProto; left: string[] }[] = []
    const enter = (node: NodeProto): void => {
      state.set(node, 'on the way')
      way.push({ node, left: [...valuesRead(node)] })
    }
    if (!state.has(first)) enter(first)
    for (let last = way.at(-1); last !== undefined; last = way.at(-1)) {
      const name = last.left.pop()
      if (name === undefined) {
        state.set(last.node, 'done')
        way.pop()
        continue
      }
      const producer = producers.get(name)
      if (producer === undefined || state.get(producer) === 'done') continue
      if (state.get(producer) === 'on the way')
        throw malformed(path, `a circle through ${nameOf(producer)}, which reads what is made from it`)
      enter(producer)
    }
  }
}

/** @throws `file-malformed` for a graph with circles, values made twice or impossible sizes, and for one beyond any model */
export function checkGraph(graph: GraphProto, path: string): void {
  let nodes = 0
  const check = (inner: GraphProto, depth: number): void => {
    nodes += inner.node.length
    if (nodes > mostNodes) throw malformed(path, `more than ${mostNodes.toLocaleString('en')} nodes`)
    if (depth > deepestBranches)
      throw malformed(path, `more than ${deepestBranches} branches inside one another`)
    checkSizes(inner, path)
    for (const node of inner.node) for (const branch of innerGraphs(node)) check(branch, depth + 1)
  }
  check(graph, 0)
  checkCircles(graph, path)
}
