/**
 * Tries one device on the method's own product: the cosines of unit prompt vectors with unit anchors
 * (Eq. 3), timed, and compared with the CPU's.
 */
import { graphBuilder } from '../onnx/graph-builder.ts'
import { seededUniform } from '../random/seeded-random.ts'
import { openSession, type Provider } from './session.ts'
import type { Tensor } from './tensor.ts'

export type DeviceTrial = {
  /** The quickest of a few runs, after one that warms up. */
  seconds: number
  /** Between the device's cosines and the CPU's; null where the device's are no finite numbers. */
  largestDifference: number | null
}

/** A whole suite's vectors against a common anchor set, in size. */
const vectors = 64
const anchors = 4096
const width = 768
const timedRuns = 3

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

/** The graph of `prompts · anchorsᵀ`: `[vectors, width]` to `[vectors, anchors]`. */
function productGraph(): Uint8Array {
  const graph = graphBuilder({ opset: 17 })
  const prompts = graph.input('prompts', 'float32', [vectors, width])
  const table = graph.initializer('anchors', 'float32', [anchors, width], unitRows(2, anchors))
  graph.namedNode('codes', 'MatMul', [prompts, graph.node('Transpose', [table], { perm: { ints: [1, 0] } })])
  graph.output('codes', 'float32', [vectors, anchors])
  return graph.build()
}

async function runOn(
  device: Provider,
  model: Uint8Array,
  prompts: Tensor
): Promise<{ seconds: number; codes: Tensor }> {
  const session = await openSession(model, { device })
  try {
    let { codes } = await session.run({ prompts })
    let seconds = Number.POSITIVE_INFINITY
    for (let i = 0; i < timedRuns; i++) {
      const start = performance.now()
      codes = (await session.run({ prompts })).codes
      seconds = Math.min(seconds, (performance.now() - start) / 1000)
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
 * Tries a device in this process, which a broken driver may take down: engine/device-trials.ts does it in
 * a process of its own. Throws `device-failed` where the device cannot be opened or run.
 */
export async function tryDevice(device: Provider): Promise<DeviceTrial> {
  const model = productGraph()
  const prompts: Tensor = { type: 'float32', dims: [vectors, width], data: unitRows(1, vectors) }
  const { seconds, codes } = await runOn(device, model, prompts)
  const expected = device === 'cpu' ? codes : (await runOn('cpu', model, prompts)).codes
  return { seconds, largestDifference: largestDifference(codes, expected) }
}
