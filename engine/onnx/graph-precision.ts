/** How exactly a graph computes, told by its operators and weights: file names say little of it, or something else. */
import { type Precision, precisions } from '#engine/common/contract/verify.ts'
import { dataTypes } from './build-messages.ts'
import { innerGraphs, operatorName } from './graph-view.ts'
import type { GraphProto, NodeProto } from './messages.ts'
import { readInteger } from './read-messages.ts'

/** Operators that work on quantised numbers. */
export const quantisedOperators: ReadonlySet<string> = new Set([
  'com.microsoft.DynamicQuantizeMatMul',
  'com.microsoft.GatherBlockQuantized',
  'com.microsoft.MatMulBnb4',
  'com.microsoft.MatMulIntegerToFloat',
  'com.microsoft.MatMulNBits',
  'com.microsoft.QAttention',
  'com.microsoft.QEmbedLayerNormalization',
  'com.microsoft.QGemm',
  'com.microsoft.QMoE',
  'ConvInteger',
  'DynamicQuantizeLinear',
  'DequantizeLinear',
  'MatMulInteger',
  'QLinearMatMul',
  'QuantizeLinear'
])

/** Those whose attribute `bits` says how coarse they are; 4 where it is not given. */
const withBits: ReadonlySet<string> = new Set([
  'com.microsoft.GatherBlockQuantized',
  'com.microsoft.MatMulNBits',
  'com.microsoft.QMoE'
])

/** TensorProto.DataType of types that sessions don't exchange. */
const bfloat16 = 16
const [uint4, int4] = [21, 22]
const halfTypes: readonly number[] = [dataTypes.float16, bfloat16]

function nodePrecision(node: NodeProto): Precision {
  const operator = operatorName(node)
  if (operator === 'com.microsoft.MatMulBnb4') return '4-bit'
  if (withBits.has(operator)) return readInteger(node, 'bits', 4) < 8 ? '4-bit' : '8-bit'
  return quantisedOperators.has(operator) ? '8-bit' : 'float32'
}

/** The precision of the coarsest weights and operators of a graph, those inside branches included. */
export function graphPrecision({ node, initializer }: GraphProto): Precision {
  const found = new Set<Precision>(node.map(nodePrecision))
  for (const inner of node.flatMap(innerGraphs)) found.add(graphPrecision(inner))
  for (const { dataType, dims } of initializer) {
    if (dataType === uint4 || dataType === int4) found.add('4-bit')
    // Settings and scales may be halves in any model; weights are matrices.
    else if (halfTypes.includes(dataType) && dims.length > 1) found.add('half')
  }
  return precisions.findLast((precision) => found.has(precision)) ?? 'float32'
}
