/** Opens a session over a graph whose weights lie in files, or are computed from what lies there. */
import { openSession, type Provider, type Session } from '#engine/devices/session.ts'
import { requireMemory } from '#engine/models/graph-memory.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import type { ModelFile } from '#engine/onnx/model-file.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import { placeOf } from '#engine/onnx/stored-initializer.ts'

/** Computed weights are let go when the session has its own copy of them. */
async function computedWeights({ graph }: ModelProto, { folder, computed = new Map() }: ModelFile) {
  const used = new Set(graph.initializer.map((tensor) => placeOf(tensor, '')?.file))
  const data: { path: string; data: Uint8Array }[] = []
  for (const [path, tensor] of computed) {
    if (!used.has(path)) continue
    const values = await tensor.read()
    data.push({ path, data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) })
  }
  return { externalDataFolder: folder, externalData: data }
}

/**
 * @param model the graph, as it was read or as it became
 * @param file where its weights come from
 * @throws `unsupported` where they do not fit into memory
 */
export async function openWeightsSession(
  model: ModelProto,
  file: ModelFile,
  device: Provider
): Promise<Session> {
  requireMemory(model, file.path)
  return await openSession(encodeModel(model), { device, ...(await computedWeights(model, file)) })
}
