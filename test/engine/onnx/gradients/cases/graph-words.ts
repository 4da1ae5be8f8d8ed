/** Short words for writing the graphs of test cases. */
import { dataTypes } from '#engine/onnx/build-messages.ts'
import type { GraphBuilder } from '#engine/onnx/graph-builder.ts'

/** The oldest operator set that gradients are promised for, the usual ones, and the newest. */
export const everyOpset = [11, 13, 17, 20] as const

/** An int64 constant `[n]`. */
export function list(graph: GraphBuilder, ...values: number[]): string {
  return graph.initializer('list', 'int64', [values.length], BigInt64Array.from(values, BigInt))
}

/** The element type that the case is run in: that of its first input. */
export function caseType(graph: GraphBuilder): 'float32' | 'float64' {
  return graph.model.graph.input[0]?.type?.tensorType?.elemType === dataTypes.float32 ? 'float32' : 'float64'
}

/** A constant without axes. */
export function number(graph: GraphBuilder, value: number): string {
  return caseType(graph) === 'float32'
    ? graph.initializer('number', 'float32', [], Float32Array.of(value))
    : graph.initializer('number', 'float64', [], Float64Array.of(value))
}
