/** Reads what single ONNX messages hold: attributes of nodes, and the values of small constants. */
import { dataTypes } from './build-messages.ts'
import type { AttributeProto, NodeProto, TensorProto } from './messages.ts'
import { externalLocation } from './schema.ts'

function attribute(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((candidate) => candidate.name === name)
}

export function readInteger(node: NodeProto, name: string, fallback: number): number {
  return Number(attribute(node, name)?.i ?? fallback)
}

/** An empty list where the attribute is not given. */
export function readIntegers(node: NodeProto, name: string): number[] {
  return (attribute(node, name)?.ints ?? []).map(Number)
}

export function readFloat(node: NodeProto, name: string, fallback: number): number {
  return attribute(node, name)?.f ?? fallback
}

export function readText(node: NodeProto, name: string, fallback: string): string {
  const bytes = attribute(node, name)?.s
  return bytes === undefined || bytes === null ? fallback : new TextDecoder().decode(bytes)
}

export function readTensor(node: NodeProto, name: string): TensorProto | undefined {
  return attribute(node, name)?.t ?? undefined
}

/** Tensors with more elements are weights, not settings of a graph. */
const largestConstant = 64

/** How one element of each type lies in the little-endian raw bytes. */
const elementReaders = new Map<number, { bytes: number; read: (view: DataView, at: number) => number }>([
  [dataTypes.float32, { bytes: 4, read: (view, at) => view.getFloat32(at, true) }],
  [dataTypes.float64, { bytes: 8, read: (view, at) => view.getFloat64(at, true) }],
  [dataTypes.int64, { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) }],
  [dataTypes.int32, { bytes: 4, read: (view, at) => view.getInt32(at, true) }],
  [dataTypes.bool, { bytes: 1, read: (view, at) => view.getUint8(at) }]
])

/**
 * The elements of a small constant as numbers; undefined for a large one, for one whose values lie in another
 * file, and for element types that no setting of a graph has.
 */
export function readValues(tensor: TensorProto): number[] | undefined {
  const count = tensor.dims.reduce((product, size) => product * Number(size), 1)
  const reader = elementReaders.get(tensor.dataType)
  if (count > largestConstant || reader === undefined || tensor.dataLocation === externalLocation)
    return undefined
  const { rawData, floatData, int32Data, int64Data, doubleData } = tensor
  const listed = [floatData, int32Data, int64Data, doubleData].find((list) => list && list.length > 0)
  if (listed !== undefined) return listed.map(Number)
  const view = new DataView(rawData?.buffer ?? new ArrayBuffer(0), rawData?.byteOffset, rawData?.byteLength)
  if (view.byteLength < count * reader.bytes) return undefined
  return Array.from({ length: count }, (_, index) => reader.read(view, index * reader.bytes))
}
