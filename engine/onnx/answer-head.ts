/**
 * Lets a language model answer at chosen positions alone: a new input names pairs of row and position, and the
 * logits come back for those. Where the graph allows it, only those positions go through the product with the
 * vocabulary-sized matrix, which is much of the work of a small model; what comes before that product (the dense
 * layer and normalisation of BERT's head) is left where it is, being smaller by the factor V / hidden.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { dataTypes } from './build-messages.ts'
import { pruneGraph } from './gradients/prune-graph.ts'
import { continueGraph, type GraphBuilder } from './graph-builder.ts'
import { type GraphView, isOperator, viewGraph } from './graph-view.ts'
import { insertNodes } from './insert-nodes.ts'
import type { ModelProto, NodeProto, ValueInfoProto } from './messages.ts'
import { readTensor } from './read-messages.ts'

/** The input of answer positions: int64 `[n, 2]`, pairs of row and position. */
export const positionsInput = 'anchorage_positions'

export type AnswerHead = {
  /** Name of the output: float32 logits `[n, V]`. */
  readonly logits: string
  /** Whether only the positions asked for go through the vocabulary-sized product. */
  readonly isRestricted: boolean
  /** Why not, or where the positions are taken, one sentence. */
  readonly note: string
}

function findLogits(view: GraphView, name: string): ValueInfoProto {
  const { output } = view.graph
  const found = output.find((info) => info.name === 'logits') ?? (output.length === 1 ? output[0] : undefined)
  const rank = found?.type?.tensorType?.shape?.dim.length ?? 3
  if (found !== undefined && rank === 3) return found
  const described = output.map((info) => info.name).join(', ')
  throw new AnchorageError('unsupported', 'The model does not answer with logits for every position.', {
    where: name,
    found: found === undefined ? `the outputs ${described}` : `${found.name} with ${rank} axes`,
    expected: 'an output logits [batch, sequence, V]',
    next: 'Export the model for masked or causal language modelling (fill-mask, text-generation).'
  })
}

/** Axes of a constant that an operator reads, or undefined where they are not known. */
function constantRank(view: GraphView, name: string): number | undefined {
  let producer = view.producer(name)
  let value = name
  while (isOperator(producer, 'Identity', 'Cast', 'DequantizeLinear')) {
    value = producer.input[0]
    producer = view.producer(value)
  }
  if (isOperator(producer, 'Constant')) return readTensor(producer, 'value')?.dims.length
  return view.initializer(value)?.dims.length
}

/** The input that a position-wise operator works on: nothing else that it reads depends on the position. */
function positionwiseInput(view: GraphView, node: NodeProto | undefined): string | undefined {
  if (isOperator(node, 'Identity', 'Cast', 'Tanh', 'Neg')) return node.input[0]
  if (!isOperator(node, 'Add', 'Sub', 'Mul', 'Div')) return undefined
  const varying = node.input.filter((name) => !view.isConstant(name))
  const isRow = node.input.every((name) => varying.includes(name) || (constantRank(view, name) ?? 2) < 2)
  return varying.length === 1 && isRow ? varying[0] : undefined
}

type Head = { readonly product: NodeProto; readonly values: readonly string[] }

/**
 * The vocabulary-sized product behind the logits, when all between works position by position and nothing else
 * reads what lies between; else what stands in the way.
 */
function findProduct(view: GraphView, logits: string): Head | string {
  const values: string[] = []
  for (let value: string | undefined = logits; value !== undefined; ) {
    const readers = view.consumers(value).length
    if (readers > (value === logits ? 0 : 1)) return `${value} is read by other operators too`
    values.push(value)
    const node = view.producer(value)
    if (isOperator(node, 'MatMul') && view.isConstant(node.input[1])) return { product: node, values }
    const before = positionwiseInput(view, node)
    if (before === undefined)
      return `the logits come from ${node?.opType ?? 'an input'} (node ${node?.name ?? value})`
    value = before
  }
  return 'the logits come from nowhere'
}

function restrict(graph: GraphBuilder, { product, values }: Head): void {
  insertNodes(graph, 'before', product, () => {
    product.input = [graph.node('GatherND', [product.input[0], positionsInput]), product.input[1]]
  })
  const own = graph.model.graph
  own.valueInfo = own.valueInfo.filter((info) => !values.includes(info.name))
}

/**
 * Adds the input {@link positionsInput} to a model and makes the logits there its only output, in place.
 * @param name what to call the model in errors
 * @throws AnchorageError `unsupported` when the model has no logits `[batch, sequence, V]`
 */
export function answerAtPositions(model: ModelProto, name: string): AnswerHead {
  const view = viewGraph(model)
  const output = findLogits(view, name)
  const head = findProduct(view, output.name)
  const graph = continueGraph(model)
  graph.input(positionsInput, 'int64', ['answers', 2])
  let logits = output.name
  if (typeof head === 'string') logits = graph.node('GatherND', [logits, positionsInput])
  else restrict(graph, head)
  const elementType = output.type?.tensorType?.elemType ?? dataTypes.float32
  if (elementType !== dataTypes.float32) {
    logits = graph.node('Cast', [logits], { to: { int: dataTypes.float32 } })
  }
  const vocabulary = output.type?.tensorType?.shape?.dim[2].dimValue
  model.graph.output = []
  graph.output(logits, 'float32', ['answers', vocabulary === undefined ? -1 : Number(vocabulary)])
  pruneGraph(model.graph)
  return typeof head === 'string'
    ? { logits, isRestricted: false, note: `Logits are computed for every position: ${head}.` }
    : {
        logits,
        isRestricted: true,
        note: `Positions are taken before ${head.product.name || 'the product'}.`
      }
}
