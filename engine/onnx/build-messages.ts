/**
 * Makes single ONNX messages (attributes, tensors, value infos, nodes): shared by whoever builds a graph
 * from nothing and whoever adds nodes to one that exists.
 */

import {
  type AttributeProto,
  attributeTypes,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto
} from './messages.ts'
import type { ElementType } from './tensor.ts'

/** TensorProto.DataType: ONNX's numbers for element types. */
export const dataTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11
} as const satisfies Record<ElementType, number>

/** An unknown dimension is -1; a named one (`batch`) is its name. */
export type Dimension = number | string

/** What an attribute can be given as; numbers need their kind said: `{ int: 1 }`, `{ float: 1 }`. */
export type AttributeValue =
  | { float: number }
  | { int: number | bigint }
  | { string: string }
  | { floats: readonly number[] }
  | { ints: readonly (number | bigint)[] }
  | { strings: readonly string[] }
  | { tensor: TensorProto }

export type Attributes = Readonly<Record<string, AttributeValue>>

export function attributeProto(name: string, value: AttributeValue): AttributeProto {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  if ('float' in value) return { name, type: attributeTypes.float, f: value.float }
  if ('int' in value) return { name, type: attributeTypes.int, i: BigInt(value.int) }
  if ('string' in value) return { name, type: attributeTypes.string, s: bytes(value.string) }
  if ('floats' in value) return { name, type: attributeTypes.floats, floats: [...value.floats] }
  if ('ints' in value) return { name, type: attributeTypes.ints, ints: value.ints.map(BigInt) }
  if ('strings' in value) return { name, type: attributeTypes.strings, strings: value.strings.map(bytes) }
  return { name, type: attributeTypes.tensor, t: value.tensor }
}

/** A node with given names; `op` is an operator of ONNX, or `domain:op` of another domain. */
export function nodeProto(
  op: string,
  name: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Attributes = {}
): NodeProto {
  const colon = op.lastIndexOf(':')
  return {
    name,
    opType: op.slice(colon + 1),
    domain: colon < 0 ? '' : op.slice(0, colon),
    input: [...input],
    output: [...output],
    attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value))
  }
}

/** A tensor whose values are given as their little-endian bytes. */
export function tensorProto(
  name: string,
  type: ElementType,
  dims: readonly number[],
  data: ArrayBufferView
): TensorProto {
  return {
    name,
    dims: dims.map(BigInt),
    dataType: dataTypes[type],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  }
}

/** A graph input or output. */
export function valueInfoProto(name: string, type: ElementType, dims: readonly Dimension[]): ValueInfoProto {
  const dim = dims.map((size) => {
    if (typeof size === 'string') return { dimParam: size }
    return size < 0 ? {} : { dimValue: BigInt(size) }
  })
  return { name, type: { tensorType: { elemType: dataTypes[type], shape: { dim } } } }
}
