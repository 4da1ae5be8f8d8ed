import { expect, test } from 'vitest'
import { batchTokens } from '#engine/language-model/batch-tokens.ts'

const base = { hiddenSize: 768, vocabularySize: 30_522 }

test('takes full batches where memory is plenty and smaller ones where it is short', () => {
  expect(batchTokens(base, 8 * 2 ** 30)).toBe(1024)
  const short = batchTokens(base, 128 * 2 ** 20)
  expect(short).toBeGreaterThan(1)
  expect(short).toBeLessThan(1024)
  expect(batchTokens({ ...base, hiddenSize: 4096 }, 128 * 2 ** 20)).toBeLessThan(short)
  expect(batchTokens(base, 0)).toBe(1)
})
