/** Writes one float32 matrix as a safetensors file. */
import { float32Bytes } from './npy-array.ts'

/**
 * The bytes of a file with the tensor `name` of shape `[rows, columns]`; the header is filled with spaces to
 * a multiple of 8 bytes, as the format asks for.
 */
export function encodeSafetensors(
  name: string,
  matrix: { rows: number; columns: number; data: Float32Array },
  metadata: Record<string, string>
): Uint8Array {
  const { rows, columns, data } = matrix
  const values = float32Bytes(data)
  const entry = { dtype: 'F32', shape: [rows, columns], data_offsets: [0, values.length] }
  const text = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, [name]: entry }))
  const length = 8 * Math.ceil(text.length / 8)
  const bytes = new Uint8Array(8 + length + values.length).fill(0x20, 8, 8 + length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, 8)
  bytes.set(values, 8 + length)
  return bytes
}
