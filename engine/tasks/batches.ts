/**
 * Encoded examples as padded batches. Examples of like length go together, so that little is computed for padding,
 * and the number of rows follows from the memory that a batch may take.
 */
import type { EncodedExample } from './encode-examples.ts'

export type Batch = {
  /** `n` rows, `length` columns. */
  readonly rows: number
  readonly length: number
  /** `[n, length]`. */
  readonly ids: BigInt64Array
  readonly attentionMask: BigInt64Array
  /** `[n]`: where each row is answered. */
  readonly answerPositions: Int32Array
  /** `[n]`: index of each row's example in the list given. */
  readonly exampleIndices: readonly number[]
}

/** Indices of the examples in batches: sorted by length, cut so that rows × longest ≤ `tokensPerBatch`. */
export function lengthBuckets(examples: readonly EncodedExample[], tokensPerBatch: number): number[][] {
  const byLength = examples
    .map((_, index) => index)
    .sort((a, b) => examples[a].ids.length - examples[b].ids.length || a - b)
  const buckets: number[][] = []
  let bucket: number[] = []
  for (const index of byLength) {
    const longest = examples[index].ids.length
    if (bucket.length > 0 && (bucket.length + 1) * longest > tokensPerBatch) {
      buckets.push(bucket)
      bucket = []
    }
    bucket.push(index)
  }
  if (bucket.length > 0) buckets.push(bucket)
  return buckets
}

/**
 * One padded batch.
 * @param firstVirtualToken virtual token id of the prompt's first vector
 * @param padToken id that fills short rows
 */
export function padBatch(
  examples: readonly EncodedExample[],
  exampleIndices: readonly number[],
  firstVirtualToken: number,
  padToken: number
): Batch {
  const rows = exampleIndices.length
  const length = Math.max(...exampleIndices.map((index) => examples[index].ids.length))
  const ids = new BigInt64Array(rows * length).fill(BigInt(padToken))
  const attentionMask = new BigInt64Array(rows * length)
  const answerPositions = new Int32Array(rows)
  for (const [row, index] of exampleIndices.entries()) {
    const { ids: rowIds, answerPosition } = examples[index]
    for (const [column, id] of rowIds.entries()) {
      ids[row * length + column] = BigInt(id < 0 ? firstVirtualToken - 1 - id : id)
      attentionMask[row * length + column] = 1n
    }
    answerPositions[row] = answerPosition
  }
  return { rows, length, ids, attentionMask, answerPositions, exampleIndices }
}
