/** How exactly a graph computes, told by its operators and weights: file names say little of it, or something else. */
import { dataTypes } from './build-messages.ts'
import { innerGraphs, operatorName } from './graph-view.ts'
import type { GraphProto, NodeProto } from './messages.ts'
import { readInteger } from './read-messages.ts'

/** From the most exact on. `half`: weights in float16 or bfloat16. */
export const graphPrecisions = ['float', 'half', '8 bits', '4 bits'] as const
export type GraphPrecision = (typeof graphPrecisions)[number]

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

function nodePrecision(node: NodeProto): GraphPrecision {
  const operator = operatorName(node)
  if (operator === 'com.microsoft.MatMulBnb4') return '4 bits'
  if (withBits.has(operator)) return readInteger(node, 'bits', 4) < 8 ? '4 bits' : '8 bits'
  return quantisedOperators.has(operator) ? '8 bits' : 'float'
}

/** The precision of the coarsest weights and operators of a graph, those inside branches included. */
export function graphPrecision({ node, initializer }: GraphProto): GraphPrecision {
  const found = new Set<GraphPrecision>(node.map(nodePrecision))
  for (const inner of node.flatMap(innerGraphs)) found.add(graphPrecision(inner))
  for (const { dataType, dims } of initializer) {
    if (dataType === uint4 || dataType === int4) found.add('4 bits')
    // Settings and scales may be halves in any model; weights are matrices.
    else if (halfTypes.includes(dataType) && dims.length > 1) found.add('half')
  }
  return graphPrecisions.findLast((precision) => found.has(precision)) ?? 'float'
}
