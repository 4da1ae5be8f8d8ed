import { describe, expect, it } from 'vitest'
import { lengthBuckets, padBatch, type Question } from '#engine/language-model/batches.ts'

function question(ids: number[], answerPosition = ids.length - 1): Question {
  return { ids, answerPosition }
}

describe('lengthBuckets', () => {
  it('holds every question once, sorted by length, within the tokens per batch', () => {
    const lengths = [7, 3, 9, 3, 5, 8, 2, 9, 1]
    const questions = lengths.map((length) => question(Array<number>(length).fill(5)))
    const buckets = lengthBuckets(questions, 18)
    expect(buckets.flat().toSorted((a, b) => a - b)).toEqual(lengths.map((_, index) => index))
    for (const bucket of buckets) {
      expect(bucket.length * Math.max(...bucket.map((index) => lengths[index]))).toBeLessThanOrEqual(18)
    }
    expect(buckets.flat().map((index) => lengths[index])).toEqual([1, 2, 3, 3, 5, 7, 8, 9, 9])
  })

  it('cuts where padding would take more than a twentieth of a batch of 256 tokens or more', () => {
    const lengths = Array.from({ length: 128 }, (_, index) => 10 + (index % 4))
    const questions = lengths.map((length) => question(Array<number>(length).fill(5)))
    const buckets = lengthBuckets(questions, 2048)
    expect(buckets.flat()).toHaveLength(128)
    const places = buckets.map((bucket) => bucket.length * Math.max(...bucket.map((index) => lengths[index])))
    const tokens = lengths.reduce((sum, length) => sum + length, 0)
    expect(1 - tokens / places.reduce((sum, count) => sum + count, 0)).toBeLessThan(0.05)
    expect(Math.min(...places)).toBeGreaterThanOrEqual(256)
    expect(lengthBuckets(questions.slice(0, 16), 2048)).toHaveLength(1)
  })

  it('gives a question longer than the limit a batch of its own', () => {
    expect(lengthBuckets([question([1, 2, 3, 4]), question([1])], 2)).toEqual([[1], [0]])
  })
})

describe('padBatch', () => {
  it('pads, masks, and numbers the prompt vectors from the first virtual token', () => {
    const batch = padBatch([question([2, -2, 4], 2), question([2, 7, -1, -2, 4, 3], 4)], 100, 9)
    expect(batch).toMatchObject({ rows: 2, length: 6 })
    expect([...batch.ids]).toEqual([2n, 101n, 4n, 9n, 9n, 9n, 2n, 7n, 100n, 101n, 4n, 3n])
    expect([...batch.attentionMask]).toEqual([1n, 1n, 1n, 0n, 0n, 0n, 1n, 1n, 1n, 1n, 1n, 1n])
    expect([...batch.answerPositions]).toEqual([2, 4])
  })
})
