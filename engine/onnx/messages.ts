/**
 * The ONNX messages as plain typed data. Every `int64` is a `bigint`, lists are always there, and
 * `$unknowns` holds the fields that our description lacks, byte for byte, so that they survive a rewrite.
 */

type Message = { $unknowns?: Uint8Array[] }

export type ModelProto = Message & {
  irVersion: bigint
  producerName?: string
  opsetImport: OperatorSetIdProto[]
  graph: GraphProto
  metadataProps: StringStringEntryProto[]
  functions: FunctionProto[]
}

export type OperatorSetIdProto = Message & { domain: string; version: bigint }

export type StringStringEntryProto = Message & { key: string; value: string }

export type GraphProto = Message & {
  name: string
  node: NodeProto[]
  initializer: TensorProto[]
  input: ValueInfoProto[]
  output: ValueInfoProto[]
  valueInfo: ValueInfoProto[]
}

export type NodeProto = Message & {
  name: string
  opType: string
  /** Empty for ONNX's own operators. */
  domain: string
  /** An empty name stands for an optional input that is not given. */
  input: string[]
  output: string[]
  attribute: AttributeProto[]
}

/** Which field holds the value is said by `type` (see {@link attributeTypes}). */
export type AttributeProto = Message & {
  name: string
  type: number
  f?: number
  i?: bigint
  s?: Uint8Array
  t?: TensorProto | null
  g?: GraphProto | null
  floats?: number[]
  ints?: bigint[]
  strings?: Uint8Array[]
  tensors?: TensorProto[]
  graphs?: GraphProto[]
}

export const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10
} as const

export type TensorProto = Message & {
  name: string
  dims: bigint[]
  dataType: number
  rawData?: Uint8Array
  floatData?: number[]
  int32Data?: number[]
  int64Data?: bigint[]
  doubleData?: number[]
  /** `location`, `offset`, `length` of weights in another file, when `dataLocation` is 1. */
  externalData?: StringStringEntryProto[]
  dataLocation?: number
}

export type ValueInfoProto = Message & { name: string; type?: TypeProto | null }

export type TypeProto = Message & { tensorType?: TensorTypeProto | null }

export type TensorTypeProto = Message & { elemType: number; shape?: TensorShapeProto | null }

export type TensorShapeProto = Message & { dim: DimensionProto[] }

/** A fixed size, a named one, or neither: unknown. */
export type DimensionProto = Message & { dimValue?: bigint; dimParam?: string }

export type FunctionProto = Message & {
  name: string
  domain: string
  node: NodeProto[]
  opsetImport: OperatorSetIdProto[]
}
