/** The coarsest numbers that a model's table and graph go through, told by what the files hold, not by their names. */
import type { Precision } from '#engine/common/contract/verify.ts'
import { innerGraphs } from '#engine/onnx/graph-view.ts'
import type { GraphProto, ModelProto, NodeProto } from '#engine/onnx/messages.ts'
import { readInteger } from '#engine/onnx/read-messages.ts'

/** ONNX element types by their numbers. */
const halves: ReadonlySet<number> = new Set([10, 16])
const eightBits: ReadonlySet<number> = new Set([17, 18, 19, 20])
const fourBits: ReadonlySet<number> = new Set([21, 22, 23])

/** Operators on numbers of 8 bits. */
const eightBitOperators: ReadonlySet<string> = new Set([
  'ConvInteger',
  'DequantizeLinear',
  'DynamicQuantizeLinear',
  'DynamicQuantizeMatMul',
  'MatMulInteger',
  'MatMulIntegerToFloat',
  'QAttention',
  'QLinearMatMul',
  'QuantizeLinear'
])

/** Operators that say in `bits` how many bits their weights have; 4 where they don't. */
const blockOperators: ReadonlySet<string> = new Set(['MatMulNBits', 'GatherBlockQuantized', 'QMoE'])

const order: readonly Precision[] = ['float32', 'half', '8-bit', '4-bit']

function coarser(one: Precision, other: Precision): Precision {
  return order.indexOf(one) > order.indexOf(other) ? one : other
}

function precisionOfType(elementType: number): Precision {
  if (fourBits.has(elementType)) return '4-bit'
  if (eightBits.has(elementType)) return '8-bit'
  return halves.has(elementType) ? 'half' : 'float32'
}

function precisionOfNode(node: NodeProto): Precision {
  if (blockOperators.has(node.opType)) return readInteger(node, 'bits', 4) > 4 ? '8-bit' : '4-bit'
  return eightBitOperators.has(node.opType) ? '8-bit' : 'float32'
}

function precisionOfGraph({ node, initializer }: GraphProto): Precision {
  const constants = node.flatMap(({ attribute }) => attribute.flatMap(({ t }) => (t ? [t] : [])))
  return [
    ...[...initializer, ...constants].map(({ dataType }) => precisionOfType(dataType)),
    ...node.map(precisionOfNode),
    ...node.flatMap(innerGraphs).map(precisionOfGraph)
  ].reduce(coarser, 'float32')
}

/** The coarsest numbers of a graph, of its inner graphs too. */
export function graphPrecision({ graph }: ModelProto): Precision {
  return precisionOfGraph(graph)
}

/** The numbers that an embedding table is stored in. @param dtype as a model's report names it */
export function tablePrecision(dtype: string): Precision {
  if (dtype.endsWith('+ scale')) return /4\s/.test(dtype) ? '4-bit' : '8-bit'
  return dtype === 'F16' || dtype === 'BF16' ? 'half' : 'float32'
}
