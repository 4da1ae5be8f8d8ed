/** A model of BERT-base's sizes with random weights, as a file, and a prompted batch for it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WeightSource } from '#engine/architectures/weight-source.ts'
import { writeGraph } from '#engine/architectures/write-graph.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { tensorProto } from '#engine/onnx/build-messages.ts'

/** 12 layers, 768 wide, 30,522 words: 110 million weights. All other settings are BERT-base's by default. */
export const bertBase = { vocabulary: 30_522, hidden: 768, positions: 512 } as const

/**
 * Weights by repetition of one million random numbers, which is quick to make and as slow to multiply. Each matrix begins
 * elsewhere among them: onnxruntime keeps equal matrices once, so that the memory of a model would be told too low.
 */
export function repeatedWeights(): WeightSource {
  const pool = seededNormal(1, 2 ** 20, 0, 0.02)
  let first = 0
  return {
    matrices: 'in-out',
    has: () => true,
    initializer: (name, dims, start) => {
      const values = new Float32Array(dims.reduce((product, size) => product * size, 1))
      if (start === 'one') values.fill(1)
      for (let at = 0; start === 'normal' && at < values.length; ) {
        const part = pool.subarray(first, first + values.length - at)
        values.set(part, at)
        at += part.length
        first = (first + part.length) % pool.length
      }
      first = (first + 1) % pool.length
      return tensorProto(name, 'float32', dims, values)
    }
  }
}

/** Writes the model and answers with its path. */
export async function writeBertBase(folder: string): Promise<string> {
  const path = join(folder, 'bert-base-shaped.onnx')
  const settings = { model_type: 'bert', vocab_size: bertBase.vocabulary }
  await writeFile(path, writeGraph({ path, settings }, repeatedWeights()).build())
  return path
}

/** `rows` sequences of `length` tokens without padding; where `vectors` is given, positions 3 .. 3+m hold the prompt. */
export function tokenBatch(rows: number, length: number, vectors = 0) {
  const ids = BigInt64Array.from({ length: rows * length }, (_, index) => {
    const vector = (index % length) - 3
    return BigInt(
      vector >= 0 && vector < vectors ? bertBase.vocabulary + vector : 1 + ((index * 7919) % 30_000)
    )
  })
  return { rows, length, ids, attentionMask: new BigInt64Array(rows * length).fill(1n) }
}
