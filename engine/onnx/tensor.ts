/** Plain tensors: what sessions take and answer with, and what constants of graphs are made of. */

/** The array that holds the values of each element type; float16 as its bits, bool as 0 and 1. */
export type TensorData = {
  float32: Float32Array
  float64: Float64Array
  float16: Uint16Array
  int64: BigInt64Array
  int32: Int32Array
  int8: Int8Array
  uint8: Uint8Array
  bool: Uint8Array
}
export type ElementType = keyof TensorData

/** A dense row-major tensor of one element type. */
export type TensorOf<T extends ElementType> = {
  readonly type: T
  readonly dims: readonly number[]
  readonly data: TensorData[T]
}

/** A tensor of any of our element types; `type` tells which array `data` is. */
export type Tensor = { [T in ElementType]: TensorOf<T> }[ElementType]
