/**
 * Lets a language model answer at chosen positions alone: a new input names pairs of row and position, and the
 * logits come back for those. Where the graph allows it, only those positions go through the product with the
 * vocabulary-sized matrix, which is much of the work of a small model, and through what is before it from the last
 * attention on.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { dataTypes } from './build-messages.ts'
import { gatherEarly } from './early-positions.ts'
import { standardOpset } from './gradients/opset.ts'
import { pruneGraph } from './gradients/prune-graph.ts'
import { inferShapes, type ShapeTable } from './gradients/shapes/infer-shapes.ts'
import { continueGraph } from './graph-builder.ts'
import { type GraphView, isOperator, viewGraph } from './graph-view.ts'
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

/** What may be logits: an output of three axes. */
type Answer = { readonly info: ValueInfoProto; readonly width: number | undefined; readonly rank: number }

/** An output with the size of its last axis: as the file states it, else as it follows from the graph. */
function describeOutput(info: ValueInfoProto, shapes: ShapeTable): Answer {
  const dims = info.type?.tensorType?.shape?.dim
  const stated = dims?.at(-1)?.dimValue
  const inferred = shapes.of(info.name)?.shape?.at(-1)
  const width = stated === undefined ? inferred : Number(stated)
  return { info, rank: dims?.length ?? 3, width: typeof width === 'number' ? width : undefined }
}

/**
 * The output that holds logits: three axes, of which the last is as long as the vocabulary.
 * @param vocabularySizes how many tokens there may be logits for; where empty, any number will do
 */
function findLogits(
  model: ModelProto,
  name: string,
  vocabularySizes: readonly number[],
  shapes: ShapeTable
): { info: ValueInfoProto; width: number | undefined } {
  const outputs = model.graph.output.map((info) => describeOutput(info, shapes))
  const fitting = outputs.filter(({ info, rank, width }) => {
    if (rank !== 3) return false
    const isKnown = width !== undefined && vocabularySizes.length > 0
    return isKnown ? vocabularySizes.includes(width) : info.name === 'logits' || outputs.length === 1
  })
  const found = fitting.find(({ info }) => info.name === 'logits') ?? fitting[0]
  if (found !== undefined) return found
  throw refuseOutputs(outputs, name, vocabularySizes[0])
}

/** What exports for feature extraction call the states that they answer with. */
const stateNames = /^(last_hidden_state|hidden_states|token_embeddings|sentence_embedding|pooler_output)/

function refuseOutputs(outputs: readonly Answer[], name: string, vocabularySize = 0): AnchorageError {
  const described = outputs.map(({ info, width, rank }) => {
    const sizes = info.type?.tensorType?.shape?.dim.map(
      ({ dimValue, dimParam }) => dimValue ?? dimParam ?? '?'
    )
    return `${info.name} [${sizes?.join(', ') ?? `${rank} axes, the last of ${width ?? 'unknown'}`}]`
  })
  const hasStates = outputs.some(({ info }) => stateNames.test(info.name))
  return new AnchorageError('unsupported', 'The model does not answer with logits for every position.', {
    where: name,
    found: `the outputs ${described.join(', ')}${hasStates ? ': hidden states, as of an export for feature extraction' : ''}`,
    expected: `an output logits [batch, sequence, ${vocabularySize || 'V'}], one for each token of the vocabulary`,
    next: 'Export the model for masked or causal language modelling: optimum-cli export onnx with --task fill-mask or text-generation.'
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

/**
 * Adds the input {@link positionsInput} to a model and makes the logits there its only output, in place.
 * @param name what to call the model in errors
 * @param vocabularySizes how many tokens there may be logits for; where empty, any number will do
 * @throws AnchorageError `unsupported` when the model has no logits `[batch, sequence, V]`
 */
export function answerAtPositions(
  model: ModelProto,
  name: string,
  vocabularySizes: readonly number[] = []
): AnswerHead {
  const view = viewGraph(model)
  const shapes = inferShapes(model.graph, standardOpset(model))
  const { info: output, width } = findLogits(model, name, vocabularySizes, shapes)
  const head = findProduct(view, output.name)
  const graph = continueGraph(model)
  graph.input(positionsInput, 'int64', ['answers', 2])
  let logits = output.name
  if (typeof head === 'string') logits = graph.node('GatherND', [logits, positionsInput])
  else {
    model.graph.output = [output]
    pruneGraph(model.graph)
    gatherEarly(graph, shapes, head.product, positionsInput)
    model.graph.valueInfo = model.graph.valueInfo.filter(({ name }) => !head.values.includes(name))
  }
  const elementType = output.type?.tensorType?.elemType ?? dataTypes.float32
  if (elementType !== dataTypes.float32) {
    logits = graph.node('Cast', [logits], { to: { int: dataTypes.float32 } })
  }
  model.graph.output = []
  graph.output(logits, 'float32', ['answers', width ?? -1])
  pruneGraph(model.graph)
  return typeof head === 'string'
    ? { logits, isRestricted: false, note: `Logits are computed for every position: ${head}.` }
    : {
        logits,
        isRestricted: true,
        note: `Positions are taken before ${head.product.name || 'the product'}.`
      }
}
