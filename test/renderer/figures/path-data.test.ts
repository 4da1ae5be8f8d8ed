/** Shapes as data of SVG paths, as a page or a reader of SVG understands them. */
import { describe, expect, it } from 'vitest'
import { discPath, linePath, pathsByColour, rectanglePath } from '#renderer/figures/path-data.ts'

describe('shapes of a path', () => {
  it('are told from where they begin, to hundredths', () => {
    expect(rectanglePath(1, 2, 10, 5.004)).toBe('M1 2h10v5h-10z')
    expect(linePath(0.123, 1, 2, 3.456)).toBe('M0.12 1L2 3.46')
    // Two half circles, from the left to the right end and back.
    expect(discPath(10, 20, 3)).toBe('M7 20a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z')
  })

  it('are one path for each colour', () => {
    const cells = [
      { x: 0, colour: 'red' },
      { x: 1, colour: 'blue' },
      { x: 2, colour: 'red' }
    ]
    const paths = pathsByColour(
      cells,
      ({ colour }) => colour,
      ({ x }) => rectanglePath(x, 0, 1, 1)
    )
    expect(paths).toEqual([
      ['red', 'M0 0h1v1h-1zM2 0h1v1h-1z'],
      ['blue', 'M1 0h1v1h-1z']
    ])
  })
})
