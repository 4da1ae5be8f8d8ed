/** The labels at the ends of the lines of what anchors span. */
import { expect, test } from 'vitest'
import { spreadLabels } from '#renderer/anchors/span-figure.ts'

test('labels keep their places where these are apart, and move as far as they must where not', () => {
  expect(spreadLabels([0.5, 0.1, 0.9], 0.1)).toEqual([0.5, 0.1, 0.9])
  expect(spreadLabels([0.5, 0.5, 0.5625], 0.125)).toEqual([0.5, 0.625, 0.75])
  // None beyond the axis.
  expect(spreadLabels([1, 0, 0.95], 0.125)).toEqual([1, 0, 0.875])
})
