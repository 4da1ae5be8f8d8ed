/** What memory a graph takes when it runs. */
import { elementCount } from '#engine/files/stored-tensor.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { shapeOf } from '#engine/onnx/stored-initializer.ts'

const bytesOfFloat32 = 4
const gigabyte = 1e9

/** The memory of a query in words: every weight is held once as float32, whatever it is stored in. */
export function memoryOf({ graph }: ModelProto): string {
  const weights = graph.initializer.reduce((sum, tensor) => sum + elementCount(shapeOf(tensor)), 0)
  const gigabytes = (weights * bytesOfFloat32) / gigabyte
  return gigabytes < 0.1
    ? 'a query takes less than 0.1 GB of memory'
    : `a query takes about ${gigabytes.toFixed(1)} GB of memory`
}
