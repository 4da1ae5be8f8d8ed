/** Writes small safetensors files, and headers that lie, for tests. */
import { writeFile } from 'node:fs/promises'

/** A safetensors file of a header as it is given and the bytes after it. */
export async function writeRawSafetensors(
  path: string,
  header: string,
  data: Uint8Array,
  headerLength = Buffer.byteLength(header)
): Promise<void> {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(headerLength))
  await writeFile(path, Buffer.concat([length, Buffer.from(header), data]))
}

export type FileTensor = { dtype: string; shape: readonly number[]; bytes: Uint8Array }

/** A float32 tensor's bytes. */
export function floatTensor(shape: readonly number[], values: Iterable<number>): FileTensor {
  return { dtype: 'F32', shape, bytes: new Uint8Array(Float32Array.from(values).buffer) }
}

/** A valid safetensors file of named tensors. */
export async function writeSafetensors(path: string, tensors: Record<string, FileTensor>): Promise<void> {
  const header: Record<string, unknown> = {}
  let at = 0
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.byteLength] }
    at += bytes.byteLength
  }
  const data = Buffer.concat(Object.values(tensors).map(({ bytes }) => bytes))
  await writeRawSafetensors(path, JSON.stringify(header), data)
}
