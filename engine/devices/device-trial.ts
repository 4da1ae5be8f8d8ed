/**
 * Tries one device on the method's own product: the cosines of unit prompt vectors with unit anchors
 * (Eq. 3), timed, and compared with the CPU's.
 */

import { seededUniform } from '#engine/common/random/seeded-random.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { openSession, type Provider } from './session.ts'

export type DeviceTrial = {
  /** The quickest of a few runs, after one that warms up. */
  seconds: number
  /** Between the device's cosines and the CPU's; null where the device's are no finite numbers. */
  largestDifference: number | null
}

/** As many vectors as a suite of 41 relations has, against half of a common anchor set. */
const vectors = 205
const anchors = 4096
const width = 768
/** A slow device is timed by fewer runs. */
const timedRuns = 3
const enoughSeconds = 1

/** Random rows of length 1: `[rows, width]`. */
function unitRows(seed: number, rows: number): Float32Array<ArrayBuffer> {
  const uniform = seededUniform(seed)
  const data = new Float32Array(rows * width)
  for (let i = 0; i < data.length; i++) data[i] = uniform() - 0.5
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * width, (i + 1) * width)
    const length = Math.hypot(...row)
    for (let j = 0; j < width; j++) row[j] /= length
  }
  return data
}

/** The graph of `prompts · anchorsᵀ`: both are fed, as the method does, so that their way to the device counts. */
function productGraph(): Uint8Array {
  const graph = graphBuilder({ opset: 17 })
  const prompts = graph.input('prompts', 'float32', [vectors, width])
  const table = graph.input('anchors', 'float32', [anchors, width])
  graph.namedNode('codes', 'Gemm', [prompts, table], { transB: { int: 1 } })
  graph.output('codes', 'float32', [vectors, anchors])
  return graph.build()
}

type Feeds = { prompts: Tensor; anchors: Tensor }

async function runOn(device: Provider, feeds: Feeds): Promise<{ seconds: number; codes: Tensor }> {
  const session = await openSession(productGraph(), { device })
  try {
    let { codes } = await session.run(feeds)
    let seconds = Number.POSITIVE_INFINITY
    let total = 0
    for (let run = 0; run < timedRuns && total < enoughSeconds; run++) {
      const start = performance.now()
      codes = (await session.run(feeds)).codes
      const taken = (performance.now() - start) / 1000
      seconds = Math.min(seconds, taken)
      total += taken
    }
    return { seconds, codes }
  } finally {
    await session.release()
  }
}

function largestDifference(found: Tensor, expected: Tensor): number | null {
  let largest = 0
  for (let i = 0; i < expected.data.length; i++) {
    const difference = Math.abs(Number(found.data[i]) - Number(expected.data[i]))
    if (!Number.isFinite(difference)) return null
    largest = Math.max(largest, difference)
  }
  return largest
}

/**
 * Tries a device in this process, which a broken driver may take down: engine/devices/device-trials.ts does it in
 * a process of its own. Throws `device-failed` where the device cannot be opened or run.
 */
export async function tryDevice(device: Provider): Promise<DeviceTrial> {
  const feeds: Feeds = {
    prompts: { type: 'float32', dims: [vectors, width], data: unitRows(1, vectors) },
    anchors: { type: 'float32', dims: [anchors, width], data: unitRows(2, anchors) }
  }
  const { seconds, codes } = await runOn(device, feeds)
  const expected = device === 'cpu' ? codes : (await runOn('cpu', feeds)).codes
  return { seconds, largestDifference: largestDifference(codes, expected) }
}
