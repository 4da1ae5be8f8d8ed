/** Copies of a model folder that differ outside the embedding table: what tuning with frozen embeddings leaves. */
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeModel, encodeModel } from '#engine/onnx/model-proto.ts'

/** A copy whose graph has every tensor of floats outside the table negated; how many those are. */
export async function copyWithOtherWeights(from: string, to: string): Promise<number> {
  await cp(from, to, { recursive: true })
  const path = join(to, 'onnx', 'model.onnx')
  const model = decodeModel(await readFile(path), path)
  const floats = model.graph.initializer.filter(({ dataType, rawData }) => dataType === 1 && rawData)
  const rows = Math.max(...floats.flatMap(({ dims }) => dims.map(Number)))
  const others = floats.filter(({ dims }) => !dims.map(Number).includes(rows))
  for (const tensor of others) {
    const values = new Float32Array(Uint8Array.from(tensor.rawData ?? []).buffer).map((value) => -value)
    tensor.rawData = new Uint8Array(values.buffer)
  }
  await writeFile(path, encodeModel(model))
  return others.length
}
