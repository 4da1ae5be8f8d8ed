import { describe, expect, test } from 'vitest'
import { whitenedProcrustes } from '#engine/baselines/whitened-procrustes.ts'
import { rotateBySymmetricWhitening } from '#test/support/reference-baselines.ts'
import { toRows } from '#test/support/reference-method.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { promptNear, sharedTable } from '#test/support/small-world.ts'

describe.each([
  ['wider', 14, 20],
  ['narrower', 20, 14],
  ['of one width', 14, 14]
])('to a target that is %s', (_, sourceWidth, targetWidth) => {
  const source = sharedTable(120, sourceWidth, 10)
  const target = sharedTable(120, targetWidth, 30)
  const prompt = promptNear(source, 3, 5)

  test('equals whitening by the symmetric square root', async () => {
    const { vectors, notes } = await whitenedProcrustes({ source, target }, prompt)
    const expected = rotateBySymmetricWhitening(toRows(source), toRows(target), toRows(prompt))
    expect(largestDifference(vectors.data, expected.flat())).toBeLessThan(1e-8)
    expect(notes).toEqual([])
  })
})

test('fewer anchors than dimensions are said', async () => {
  const few = { source: sharedTable(9, 14, 10), target: sharedTable(9, 20, 30) }
  const { notes } = await whitenedProcrustes(few, few.source)
  expect(notes.join()).toMatch(/ridge of 1e-8 stands in/)
})
