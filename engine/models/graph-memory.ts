/** What memory a graph takes when it runs. */
import { totalmem } from 'node:os'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { elementCount } from '#engine/files/stored-tensor.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { shapeOf, tensorBytes } from '#engine/onnx/stored-initializer.ts'

const bytesOfFloat32 = 4

/** Bytes that the weights of a graph take in a session: halves are held as float32, integers as they are stored. */
function weightBytes({ graph }: ModelProto): number {
  return graph.initializer.reduce((sum, tensor) => {
    const count = elementCount(shapeOf(tensor))
    const stored = tensorBytes(tensor) ?? count * bytesOfFloat32
    return sum + (stored > count ? Math.max(stored, count * bytesOfFloat32) : stored)
  }, 0)
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}

/** The memory of a query in words: every weight is held once. */
export function memoryOf(model: ModelProto): string {
  const bytes = weightBytes(model)
  return bytes < 1e8
    ? 'a query takes less than 0.1 GB of memory'
    : `a query takes about ${gigabytes(bytes)} of memory`
}

/** Bytes that the process can still get; macOS does not count what it would free for it, so there all that it has. */
function freeMemory(): number {
  return process.platform === 'darwin' ? totalmem() : process.availableMemory()
}

/**
 * Refuses a graph whose weights do not fit into memory, before the system ends the process for it.
 * @param free bytes that the process can still get
 * @throws `unsupported`
 */
export function requireMemory(model: ModelProto, where: string, free = freeMemory()): void {
  const bytes = weightBytes(model)
  if (bytes <= free) return
  throw new AnchorageError('unsupported', 'The model takes more memory than is free.', {
    where,
    found: `weights of ${gigabytes(bytes)} in float32, and ${gigabytes(free)} free`,
    next: 'End other programs, or take a machine with more memory. Prompts are transferred to and from the model without.'
  })
}
