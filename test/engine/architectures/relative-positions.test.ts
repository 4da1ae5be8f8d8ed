/** Buckets of relative positions, against what PyTorch counts (`modeling_mpnet.py`, `modeling_deberta_v2.py`). */
import { expect, it } from 'vitest'
import { logBucket } from '#engine/architectures/layers/disentangled-attention.ts'
import { t5Bucket } from '#engine/architectures/layers/relative-positions.ts'

it('counts T5’s buckets in both directions as PyTorch does', () => {
  const distances = [-600, -128, -127, -64, -33, -8, -7, 0, 7, 8, 15, 16, 40, 64, 91, 127, 128]
  expect(
    distances.map((distance) => t5Bucket(distance, { count: 32, furthest: 128, isBothWays: true }))
  ).toEqual([15, 15, 15, 14, 12, 8, 7, 0, 23, 24, 25, 26, 28, 30, 31, 31, 31])
})

it('counts DeBERTa’s buckets as PyTorch does', () => {
  const distances = [-1024, -512, -511, -400, -200, -129, -128, 0, 100, 128, 129, 300, 511, 513]
  const buckets = { count: 256, furthest: 512 }
  expect(distances.map((distance) => logBucket(distance, buckets))).toEqual([
    -319, -256, -255, -233, -169, -129, -128, 0, 100, 128, 129, 207, 255, 256
  ])
})
