import { expect, it } from 'vitest'
import { ternaryTraces } from '#renderer/mix/ternary.ts'

it('a point of the triangle that was not asked looks like none that was', () => {
  const [map] = ternaryTraces(
    {
      weights: [
        [1, 0, 0],
        [0, 1, 0]
      ],
      values: [0.5, null],
      measure: 'accuracy',
      range: [0, 1],
      unknown: 'not known yet',
      valueText: String
    },
    null
  )
  expect(map).toMatchObject({
    text: ['0.5', 'not known yet'],
    marker: { symbol: ['hexagon', 'circle-open'], size: [26, 6] }
  })
})
