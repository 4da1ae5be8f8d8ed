/** How the arrow keys go through the points of a picture. */
import type { Data } from 'plotly.js'
import { describe, expect, it } from 'vitest'
import { placeAfter } from '#renderer/figures/point-keys.ts'

const lines: Data[] = [
  { type: 'scatter', x: [0, 1, 0], y: [1, 2, 1], fill: 'toself', hoverinfo: 'skip' },
  { type: 'scatter', name: 'a', x: [0, 1, 2], y: [5, null, 7] },
  { type: 'scatter', name: 'b', x: [0, 1], y: [8, 9] },
  { type: 'scatter', name: 'hidden', x: [0], y: [1], visible: false }
]

const point = (trace: number, at: number) => ({ trace, at, row: null })

describe('arrow keys', () => {
  it('begin at the first point that says something', () => {
    expect(placeAfter(lines, null, 'ArrowRight')).toEqual(point(1, 0))
    expect(placeAfter(lines, null, 'Tab')).toBeUndefined()
  })

  it('go along a line over what is missing, and stay at its end', () => {
    expect(placeAfter(lines, point(1, 0), 'ArrowRight')).toEqual(point(1, 2))
    expect(placeAfter(lines, point(1, 2), 'ArrowRight')).toEqual(point(1, 2))
    expect(placeAfter(lines, point(1, 2), 'Home')).toEqual(point(1, 0))
    expect(placeAfter(lines, point(1, 0), 'End')).toEqual(point(1, 2))
  })

  it('go from line to line, never to a hidden one', () => {
    expect(placeAfter(lines, point(1, 2), 'ArrowDown')).toEqual(point(2, 1))
    expect(placeAfter(lines, point(2, 1), 'ArrowUp')).toEqual(point(1, 2))
    expect(placeAfter(lines, point(2, 1), 'ArrowDown')).toEqual(point(2, 1))
  })

  it('go through the cells of a heat map by row and column', () => {
    const map: Data[] = [
      {
        type: 'heatmap',
        z: [
          [1, 2],
          [null, 4]
        ]
      }
    ]
    const cell = (row: number, at: number) => ({ trace: 0, at, row })
    expect(placeAfter(map, null, 'ArrowDown')).toEqual(cell(0, 0))
    expect(placeAfter(map, cell(0, 0), 'ArrowRight')).toEqual(cell(0, 1))
    expect(placeAfter(map, cell(0, 0), 'ArrowDown')).toEqual(cell(1, 1))
  })
})
