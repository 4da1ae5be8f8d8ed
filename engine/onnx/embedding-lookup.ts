/**
 * Finds where a language model looks up its word embeddings: the Gather whose indices are the token ids and
 * whose data is the table, as float32, as float16 with a Cast, or quantised with a DequantizeLinear on either
 * side of it.
 */
import { dataTypes } from './build-messages.ts'
import { type GraphView, isOperator } from './graph-view.ts'
import { lookupMissing, lookupsDiffer, wordsQuantised } from './lookup-errors.ts'
import type { NodeProto, TensorProto } from './messages.ts'
import { readInteger, readTensor } from './read-messages.ts'
import { shapeOf } from './stored-initializer.ts'

export type EmbeddingLookup = {
  readonly gather: NodeProto
  /** The graph input that the token ids come from. */
  readonly input: string
  /** Element type of the indices, which may have been cast on the way: int32 or int64. */
  readonly indexType: 'int32' | 'int64'
  /** The stored table; transposed where a Transpose comes before the Gather. */
  readonly table: TensorProto
  /** `V`, rows of the table. */
  readonly vocabularySize: number
  /** `e`, the width of the table. */
  readonly width: number
  /** The embeddings as floating-point numbers: the Gather's output, or that of the DequantizeLinear or Cast after it. */
  readonly words: string
  /** Their element type, as a number of ONNX. */
  readonly wordType: number
}

/** TensorProto.DataType of a type that sessions don't exchange but models may compute in. */
const bfloat16 = 16

const floatTypes: readonly number[] = [dataTypes.float32, dataTypes.float16, dataTypes.float64, bfloat16]

/** The tensor of an initializer or of a Constant node. */
function constantTensor(view: GraphView, name: string): TensorProto | undefined {
  const producer = view.producer(name)
  return isOperator(producer, 'Constant') ? readTensor(producer, 'value') : view.initializer(name)
}

type Table = { tensor: TensorProto; rows: number; columns: number; type: number }

/** The table behind a Gather's data: a constant of two axes, perhaps dequantised, cast or transposed. */
function traceTable(view: GraphView, name: string): Table | undefined {
  const producer = view.producer(name)
  if (isOperator(producer, 'Identity', 'Cast', 'DequantizeLinear', 'Transpose')) {
    const inner = traceTable(view, producer.input[0])
    if (inner === undefined) return undefined
    if (isOperator(producer, 'Cast')) return { ...inner, type: readInteger(producer, 'to', inner.type) }
    if (isOperator(producer, 'DequantizeLinear')) return { ...inner, type: scaleType(view, producer) }
    if (isOperator(producer, 'Transpose')) return { ...inner, rows: inner.columns, columns: inner.rows }
    return inner
  }
  const tensor = constantTensor(view, name)
  if (tensor === undefined || tensor.dims.length !== 2) return undefined
  const [rows, columns] = shapeOf(tensor)
  return { tensor, rows, columns, type: tensor.dataType }
}

/** A DequantizeLinear answers in the type of its scale. */
function scaleType(view: GraphView, node: NodeProto): number {
  return constantTensor(view, node.input[1])?.dataType ?? dataTypes.float32
}

type Indices = { input: string; type: number }

/** The graph input behind a Gather's indices, through operators that change their form alone. */
function traceIndices(view: GraphView, name: string): Indices | undefined {
  const input = view.inputs.find((candidate) => candidate.name === name)
  if (input !== undefined) return { input: name, type: input.type?.tensorType?.elemType ?? dataTypes.int64 }
  const producer = view.producer(name)
  if (!isOperator(producer, 'Identity', 'Cast', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten'))
    return undefined
  const inner = traceIndices(view, producer.input[0])
  return (
    inner && {
      ...inner,
      type: isOperator(producer, 'Cast') ? readInteger(producer, 'to', inner.type) : inner.type
    }
  )
}

/** From the Gather's output to the embeddings as numbers: through a DequantizeLinear and a Cast right after it. */
function traceWords(view: GraphView, gather: NodeProto, tableType: number): { words: string; type: number } {
  let found = { words: gather.output[0], type: tableType }
  for (const operator of ['DequantizeLinear', 'Cast']) {
    const readers = view.consumers(found.words)
    const [reader] = readers
    if (readers.length !== 1 || !isOperator(reader, operator) || reader.input[0] !== found.words) continue
    const type = operator === 'Cast' ? readInteger(reader, 'to', found.type) : scaleType(view, reader)
    if (floatTypes.includes(type)) found = { words: reader.output[0], type }
  }
  return found
}

function lookupAt(view: GraphView, gather: NodeProto): EmbeddingLookup | undefined {
  if (!isOperator(gather, 'Gather') || readInteger(gather, 'axis', 0) !== 0) return undefined
  const indices = traceIndices(view, gather.input[1])
  const table = traceTable(view, gather.input[0])
  if (indices === undefined || table === undefined) return undefined
  const { words, type } = traceWords(view, gather, table.type)
  return {
    gather,
    input: indices.input,
    indexType: indices.type === dataTypes.int32 ? 'int32' : 'int64',
    table: table.tensor,
    vocabularySize: table.rows,
    width: table.columns,
    words,
    wordType: type
  }
}

/** What exports of language models call their token ids. */
const tokenInput = 'input_ids'

/**
 * The one lookup of word embeddings in the main graph.
 * @param name what to call the model in errors
 * @throws AnchorageError `unsupported` that says which part of the pattern is missing
 */
export function findEmbeddingLookup(view: GraphView, name: string): EmbeddingLookup {
  const lookups = view.graph.node
    .flatMap((node) => lookupAt(view, node) ?? [])
    .filter((lookup) => lookup.input === tokenInput)
  const [lookup] = lookups
  if (lookup === undefined) throw lookupMissing(view, name, tokenInput)
  if (lookups.length > 1)
    throw lookupsDiffer(
      name,
      lookups.map(({ gather, table }) => `${gather.name} on ${table.name}`)
    )
  if (!floatTypes.includes(lookup.wordType)) throw wordsQuantised(name, lookup.words, lookup.table.name)
  return lookup
}
