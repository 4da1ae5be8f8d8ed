/** Short words for writing the graphs of test cases. */
import type { GraphBuilder } from '../../../../../engine/onnx/graph-builder.ts'

/** The oldest operator set that gradients are promised for, the usual ones, and the newest. */
export const everyOpset = [11, 13, 17, 20] as const

/** An int64 constant `[n]`. */
export function list(graph: GraphBuilder, ...values: number[]): string {
  return graph.initializer('list', 'int64', [values.length], BigInt64Array.from(values, BigInt))
}

/** A float64 constant without axes. */
export function number(graph: GraphBuilder, value: number): string {
  return graph.initializer('number', 'float64', [], Float64Array.of(value))
}
