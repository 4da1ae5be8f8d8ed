import { describe, expect, it } from 'vitest'
import { lengthBuckets, padBatch } from '../../../engine/tasks/batches.ts'
import type { EncodedExample } from '../../../engine/tasks/encode-examples.ts'

function encoded(ids: number[], answerPosition = ids.length - 1): EncodedExample {
  return { example: { id: ids.join(), input: '', label: '' }, ids, answerPosition, labelToken: 0 }
}

describe('lengthBuckets', () => {
  it('holds every example once, sorted by length, within the tokens per batch', () => {
    const lengths = [7, 3, 9, 3, 5, 8, 2, 9, 1]
    const examples = lengths.map((length) => encoded(Array<number>(length).fill(5)))
    const buckets = lengthBuckets(examples, 18)
    expect(buckets.flat().toSorted((a, b) => a - b)).toEqual(lengths.map((_, index) => index))
    for (const bucket of buckets) {
      expect(bucket.length * Math.max(...bucket.map((index) => lengths[index]))).toBeLessThanOrEqual(18)
    }
    expect(buckets.flat().map((index) => lengths[index])).toEqual([1, 2, 3, 3, 5, 7, 8, 9, 9])
  })

  it('gives an example longer than the limit a batch of its own', () => {
    expect(lengthBuckets([encoded([1, 2, 3, 4]), encoded([1])], 2)).toEqual([[1], [0]])
  })
})

describe('padBatch', () => {
  it('pads, masks, and numbers the prompt vectors from the first virtual token', () => {
    const batch = padBatch([encoded([2, 7, -1, -2, 4, 3], 4), encoded([2, -2, 4], 2)], [1, 0], 100, 9)
    expect(batch).toMatchObject({ rows: 2, length: 6, exampleIndices: [1, 0] })
    expect([...batch.ids]).toEqual([2n, 101n, 4n, 9n, 9n, 9n, 2n, 7n, 100n, 101n, 4n, 3n])
    expect([...batch.attentionMask]).toEqual([1n, 1n, 1n, 0n, 0n, 0n, 1n, 1n, 1n, 1n, 1n, 1n])
    expect([...batch.answerPositions]).toEqual([2, 4])
  })
})
