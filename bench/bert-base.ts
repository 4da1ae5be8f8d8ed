/** A model of BERT-base's sizes with random weights, as a file, and a prompted batch for it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { buildLanguageModel } from '#engine/onnx/language-models/build-language-model.ts'
import type { WeightStart } from '#engine/onnx/language-models/language-model-shape.ts'

/** 12 layers, 768 wide, 30,522 words: 110 million weights. */
export const bertBase = {
  family: 'bert',
  vocabulary: 30_522,
  embedding: 768,
  hidden: 768,
  inner: 3072,
  layers: 12,
  heads: 12,
  positions: 512
} as const

/** Weights by repetition of one million random numbers, which is quick to make and as slow to multiply. */
function weights(): (name: string, dims: readonly number[], start: WeightStart) => Float32Array {
  const pool = seededNormal(1, 2 ** 20, 0, 0.02)
  return (_, dims, start) => {
    const values = new Float32Array(dims.reduce((product, size) => product * size, 1))
    if (start === 'one') values.fill(1)
    if (start !== 'normal') return values
    for (let at = 0; at < values.length; at += pool.length) {
      values.set(pool.subarray(0, Math.min(pool.length, values.length - at)), at)
    }
    return values
  }
}

/** Writes the model and answers with its path. */
export async function writeBertBase(folder: string): Promise<string> {
  const path = join(folder, 'bert-base-shaped.onnx')
  await writeFile(path, buildLanguageModel(bertBase, weights()).build())
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
