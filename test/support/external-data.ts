/** Writes models whose weights lie in files of their own, as exporters do for models over 2 GB. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'

/** Gaps between tensors, as exporters leave them for alignment. */
const alignment = 64

/** Writes `model.onnx` and, beside it, one file with every initializer of more than 100 bytes. */
export async function writeWithExternalData(
  model: ModelProto,
  folder: string,
  dataFile: string
): Promise<string> {
  const parts: Uint8Array[] = []
  let offset = 0
  for (const tensor of model.graph.initializer) {
    const { rawData } = tensor
    if (rawData === undefined || rawData.length <= 100) continue
    const padding = -rawData.length & (alignment - 1)
    parts.push(rawData, new Uint8Array(padding))
    tensor.externalData = [
      { key: 'location', value: dataFile },
      { key: 'offset', value: String(offset) },
      { key: 'length', value: String(rawData.length) }
    ]
    tensor.dataLocation = 1
    delete tensor.rawData
    offset += rawData.length + padding
  }
  await writeFile(join(folder, dataFile), Buffer.concat(parts))
  const path = join(folder, 'model.onnx')
  await writeFile(path, encodeModel(model))
  return path
}
