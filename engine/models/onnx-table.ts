/**
 * Finds the word-embedding table in an ONNX graph by what the graph does: it is the data of the Gather whose
 * indices come from `input_ids`. Exports rename and fold their weights, so names say little.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { takeBranchWithoutCache } from '#engine/onnx/merged-decoder.ts'
import type { GraphProto, NodeProto } from '#engine/onnx/messages.ts'
import { type ModelFile, readModelFile } from '#engine/onnx/model-file.ts'
import { readInteger } from '#engine/onnx/read-messages.ts'
import { storedInitializer } from '#engine/onnx/stored-initializer.ts'
import type { WeightsListing } from './choose-table.ts'
import { dequantisedTable, type Quantisation } from './dequantised-table.ts'
import { transposedTable } from './transposed-table.ts'

/** Operators after which token ids are still token ids. */
const keepsTokenIds = new Set([
  'Cast',
  'Identity',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Where',
  'Max',
  'Clip'
])

/**
 * The floating-point and 8-bit tables of an ONNX file, and which of them the graph looks tokens up in.
 * @param file relative to the model folder, for the report
 * @throws `unsupported` where the table is stored in 4 bits
 */
export async function listOnnxWeights(path: string, file: string): Promise<WeightsListing> {
  const model = await readModelFile(path)
  takeBranchWithoutCache(model.model)
  const { graph } = model.model
  const initializers = new Map(
    graph.initializer.map((tensor) => [tensor.name, storedInitializer(tensor, model)])
  )
  const lookup = findLookup(graph)
  const tensors = [...initializers.values()]
  if (lookup === undefined) return { file, tensors, traced: null, notes: [] }
  const tensor = tableOf(lookup, graph, initializers, model)
  if (tensor === undefined) return { file, tensors, traced: null, notes: [] }
  const how = `The graph looks the tokens of input_ids up in it (${lookup.node.opType} ${lookup.node.name}).`
  const others = tensors.filter(({ name }) => name !== tensor.name)
  return { file, tensors: [tensor, ...others], traced: { tensor, how }, notes: [] }
}

type Lookup = { readonly node: NodeProto; readonly table: string }

/** The node that turns token ids into embeddings, and the name of the table that it reads. */
function findLookup(graph: GraphProto): Lookup | undefined {
  const inputs = graph.input.map(({ name }) => name)
  const start = inputs.find((name) => /(^|_)input_ids$/.test(name)) ?? inputs[0]
  const tokenIds = new Set([start])
  // Nodes stand in the order of computation, so one pass is enough.
  for (const node of graph.node) {
    const table = lookupTable(node, tokenIds)
    if (table !== undefined) return { node, table }
    if (keepsTokenIds.has(node.opType) && node.input.some((name) => tokenIds.has(name))) {
      for (const output of node.output) tokenIds.add(output)
    }
  }
  return undefined
}

function lookupTable(node: NodeProto, tokenIds: ReadonlySet<string>): string | undefined {
  switch (node.opType) {
    case 'Gather':
      return tokenIds.has(node.input[1]) ? node.input[0] : undefined
    case 'GatherBlockQuantized':
      return tokenIds.has(node.input[1]) ? node.input[0] : undefined
    case 'EmbedLayerNormalization':
      // onnxruntime's fused form: ids, segments, then the word embeddings.
      return tokenIds.has(node.input[0]) ? node.input[2] : undefined
    default:
      return undefined
  }
}

/** The table that a lookup reads, dequantised where it is stored in 8 bits; undefined where it is computed. */
function tableOf(
  { node, table }: Lookup,
  graph: GraphProto,
  initializers: ReadonlyMap<string, StoredTensor>,
  model: ModelFile
): StoredTensor | undefined {
  if (node.opType === 'GatherBlockQuantized') throw fourBits(model, node)
  const stored = traceTable(table, graph, initializers, model)
  const dequantise = graph.node.find(
    ({ opType, input }) => opType === 'DequantizeLinear' && input[0] === node.output[0]
  )
  if (stored === undefined || dequantise === undefined) return stored
  // The scales of the looked-up vectors [batch, length, e] can only differ along e.
  return dequantisedTable(stored, quantisationOf(dequantise, 1, initializers, model))
}

/** The matrix behind a value of the graph: an initializer, perhaps dequantised, cast or transposed. */
function traceTable(
  value: string,
  graph: GraphProto,
  initializers: ReadonlyMap<string, StoredTensor>,
  model: ModelFile
): StoredTensor | undefined {
  const stored = initializers.get(value)
  const producer = graph.node.find(({ output }) => output.includes(value))
  if (stored !== undefined || producer === undefined) return stored
  const before = () => traceTable(producer.input[0], graph, initializers, model)
  switch (producer.opType) {
    case 'Identity':
    case 'Cast':
      return before()
    case 'Transpose': {
      const inner = before()
      return inner?.shape.length === 2 ? transposedTable(inner) : undefined
    }
    case 'DequantizeLinear': {
      const axis = readInteger(producer, 'axis', 1)
      const quantisation = quantisationOf(producer, axis < 0 ? axis + 2 : axis, initializers, model)
      const codes = before()
      return codes === undefined ? undefined : dequantisedTable(codes, quantisation)
    }
    case 'MatMulNBits':
      throw fourBits(model, producer)
    default:
      return undefined
  }
}

function quantisationOf(
  node: NodeProto,
  axis: number,
  initializers: ReadonlyMap<string, StoredTensor>,
  model: ModelFile
): Quantisation {
  const [, scaleName, zeroPointName = ''] = node.input
  const scale = initializers.get(scaleName)
  const zeroPoint = zeroPointName === '' ? null : initializers.get(zeroPointName)
  const blockSize = readInteger(node, 'block_size', 0)
  if (scale !== undefined && zeroPoint !== undefined && blockSize === 0) return { scale, zeroPoint, axis }
  throw new AnchorageError('unsupported', 'The embedding table is quantised in a way that is not read.', {
    where: `${model.path}, node ${node.name}`,
    found:
      blockSize > 0 ? `blocks of ${blockSize} values with a scale each` : 'scales that the graph computes',
    expected: 'one scale, or one for each row or column',
    next: 'Use model.safetensors or onnx/model.onnx of this model instead.'
  })
}

function fourBits(model: ModelFile, node: NodeProto): AnchorageError {
  return new AnchorageError('unsupported', 'The embedding table of this file is stored in 4 bits.', {
    where: `${model.path}, node ${node.name}`,
    found: `${node.opType}: too coarse for cosines between embeddings to mean what they mean in the model`,
    expected: 'float32, float16, bfloat16, int8 or uint8',
    next: 'Use model.safetensors, or onnx/model.onnx, model_fp16.onnx or model_quantized.onnx of this model.'
  })
}
