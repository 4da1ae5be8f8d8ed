import { expect, it } from 'vitest'
import { runLabel } from '#engine/common/format/run-label.ts'

it.each([
  ['P19 (bert → roberta)', 'P19'],
  ['P19 (a) (b)', 'P19'],
  ['P19 (a) of', 'P19 (a) of'],
  ['P19)', 'P19)'],
  ['P19', 'P19']
])('the label of %s is %s', (name, label) => {
  expect(runLabel(name)).toBe(label)
})

it('takes time in step with the length of the name', () => {
  const started = performance.now()
  expect(runLabel(' ('.repeat(200_000))).toHaveLength(400_000)
  expect(performance.now() - started).toBeLessThan(1000)
})
