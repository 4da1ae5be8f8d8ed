/** Rewrites a model so that its word embeddings are stored as other tools store them: as halves or quantised. */
import { continueGraph, type GraphBuilder } from '#engine/onnx/graph-builder.ts'
import { isOperator } from '#engine/onnx/graph-view.ts'
import { insertNodes } from '#engine/onnx/insert-nodes.ts'
import type { ModelProto, NodeProto, TensorProto } from '#engine/onnx/messages.ts'

export const tableForms = [
  'float16, Cast after the lookup',
  'float16, Cast before the lookup',
  'uint8, DequantizeLinear after the lookup',
  'int8, DequantizeLinear before the lookup'
] as const
export type TableForm = (typeof tableForms)[number]

/** The bits of a float16 that is `value` cut off, not rounded; tiny values become zero. */
function halfBits(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]
  const exponent = ((bits >>> 23) & 0xff) - 112
  const sign = (bits >>> 16) & 0x8000
  return exponent <= 0 ? sign : sign | (exponent << 10) | ((bits >>> 13) & 0x3ff)
}

/** The value that {@link halfBits} keeps: float32 with 10 bits of fraction. */
function cutToHalf(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)
  if (((bits[0] >>> 23) & 0xff) <= 112) return 0
  bits[0] &= 0xffffe000
  return new Float32Array(bits.buffer)[0]
}

const [scale, zeroPoint] = [1 / 64, 120]

function quantise(value: number): number {
  return Math.min(127, Math.max(-120, Math.round(value / scale)))
}

/** The Gather on the float32 table `word.weight` and the values of that table. */
function tableOf(model: ModelProto): { gather: NodeProto; tensor: TensorProto; values: Float32Array } {
  const gather = model.graph.node.find(
    (node) => isOperator(node, 'Gather') && node.input[0] === 'word.weight'
  )
  const tensor = model.graph.initializer.find(({ name }) => name === 'word.weight')
  if (gather === undefined || tensor?.rawData === undefined) throw new Error('no table word.weight in memory')
  return { gather, tensor, values: new Float32Array(tensor.rawData.slice().buffer) }
}

/** Puts operators between the lookup and what reads it. */
function afterLookup(graph: GraphBuilder, gather: NodeProto, decode: (stored: string) => void): void {
  const stored = graph.freshName('stored_words')
  insertNodes(graph, 'after', gather, () => decode(stored))
  gather.output = [stored]
}

/**
 * Stores the table of a reference model in another form, in place.
 * @returns the table that this form stands for, as float32
 */
export function storeTable(model: ModelProto, form: TableForm): Float32Array {
  const { gather, tensor, values } = tableOf(model)
  const dims = tensor.dims.map(Number)
  const graph = continueGraph(model)
  const words = gather.output[0]
  const toFloat = { to: { int: 1 } }
  const scaleName = graph.initializer('table_scale', 'float32', [], Float32Array.of(scale))
  switch (form) {
    case 'float16, Cast after the lookup':
      gather.input[0] = graph.initializer('table', 'float16', dims, Uint16Array.from(values, halfBits))
      afterLookup(graph, gather, (stored) => graph.namedNode(words, 'Cast', [stored], toFloat))
      return values.map(cutToHalf)
    case 'float16, Cast before the lookup': {
      const table = graph.initializer('table', 'float16', dims, Uint16Array.from(values, halfBits))
      gather.input[0] = insertNodes(graph, 'before', gather, () => graph.node('Cast', [table], toFloat))
      return values.map(cutToHalf)
    }
    case 'uint8, DequantizeLinear after the lookup': {
      const stored = Uint8Array.from(values, (value) => quantise(value) + zeroPoint)
      gather.input[0] = graph.initializer('table', 'uint8', dims, stored)
      const zero = graph.initializer('table_zero', 'uint8', [], Uint8Array.of(zeroPoint))
      afterLookup(graph, gather, (read) =>
        graph.namedNode(words, 'DequantizeLinear', [read, scaleName, zero])
      )
      return values.map((value) => quantise(value) * scale)
    }
    case 'int8, DequantizeLinear before the lookup': {
      const table = graph.initializer('table', 'int8', dims, Int8Array.from(values, quantise))
      const decoded = () => graph.node('DequantizeLinear', [table, scaleName])
      gather.input[0] = insertNodes(graph, 'before', gather, decoded)
      return values.map((value) => quantise(value) * scale)
    }
  }
}

/** Replaces the values of the float32 table, in place. */
export function replaceTable(model: ModelProto, values: Float32Array): void {
  const { gather, tensor } = tableOf(model)
  const graph = continueGraph(model)
  gather.input[0] = graph.initializer('table', 'float32', tensor.dims.map(Number), values)
}
