import { describe, expect, test } from 'vitest'
import { sparseCodes } from '#engine/baselines/sparse-codes.ts'
import { gatherRows } from '#engine/common/contract/matrix.ts'
import { pursue } from '#test/support/reference-baselines.ts'
import { toRows } from '#test/support/reference-method.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { promptNear, sharedTable } from '#test/support/small-world.ts'

const anchors = { source: sharedTable(120, 14, 10), target: sharedTable(120, 20, 30) }
const prompt = promptNear(anchors.source, 3, 5)

describe.each([1, 4, 8])('of %d anchors', (atoms) => {
  test('equals a pursuit by normal equations', async () => {
    const { vectors } = await sparseCodes(anchors, prompt, atoms)
    const expected = pursue(toRows(anchors.source), toRows(anchors.target), toRows(prompt), atoms)
    expect(largestDifference(vectors.data, expected.flat())).toBeLessThan(1e-9)
  })
})

test('a word of the source becomes that word of the target, and nothing is left', async () => {
  const { vectors, notes } = await sparseCodes(anchors, gatherRows(anchors.source, [7, 60]), 5)
  expect(largestDifference(vectors.data, gatherRows(anchors.target, [7, 60]).data)).toBeLessThan(1e-9)
  expect(notes.join()).toContain('leave out 0.0 %')
})

test('more anchors than dimensions are not taken', async () => {
  const { vectors } = await sparseCodes(anchors, prompt, 100)
  expect(vectors.data.every(Number.isFinite)).toBe(true)
  expect(vectors).toEqual((await sparseCodes(anchors, prompt, 14)).vectors)
})

test('ends when it is cancelled', async () => {
  const signal = AbortSignal.abort()
  await expect(sparseCodes(anchors, prompt, 3, { signal })).rejects.toMatchObject({ code: 'cancelled' })
})
