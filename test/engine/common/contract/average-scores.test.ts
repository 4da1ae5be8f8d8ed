import { expect, test } from 'vitest'
import { averageAccuracy } from '#engine/common/contract/average-scores.ts'

test('averages over examples and over tasks, leaving empty tasks out', () => {
  const tasks = [
    { examples: 4, accuracy: 0.75 },
    { examples: 1, accuracy: 0 },
    { examples: 0, accuracy: 0 }
  ]
  expect(averageAccuracy(tasks)).toEqual({ tasks: 2, examples: 5, micro: 3 / 5, macro: 0.75 / 2 })
  expect(averageAccuracy([])).toEqual({ tasks: 0, examples: 0, micro: 0, macro: 0 })
})
