/** The figure of source sets in a paper: no wider than its column, whatever is in it. */
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { SetFigureData } from '#renderer/combinations/figure-layout.ts'
import { SetFigure } from '#renderer/combinations/set-figure.tsx'
import type { ComparedSet } from '#renderer/combinations/source-sets.ts'
import { paperLook, paperWidths, screenLooks } from '#renderer/figures/look.ts'

/** All sets of so many sources on so many relations, with lines of two references. */
function figureData(sources: readonly string[], relations: readonly string[]): SetFigureData {
  const sets = Array.from({ length: 2 ** sources.length - 1 }, (_, place): ComparedSet => {
    const set = place + 1
    const members = sources.filter((_, bit) => (set >> bit) & 1)
    return {
      set,
      members,
      name: members.join(' + '),
      scores: [1, 0],
      accuracy: 0.5,
      averages: { micro: 0.5, macro: 0.5 },
      runs: [],
      interval: { low: 0.4, high: 0.6 },
      gain: null,
      overBest: null,
      letters: 'abcdefgh'
    }
  })
  const [reference] = sets
  if (reference === undefined) throw new Error('no set')
  const scored = { accuracy: 0.9, averages: { micro: 0.9, macro: 0.9 }, scores: [1, 1] }
  const cell = { accuracy: 0.5, difference: 0.1, isNoise: true }
  return {
    combinations: {
      sources,
      relations,
      examples: [],
      strata: null,
      tried: sets,
      untried: [],
      references: ['tuned on the target', 'manual template'].map((name) => ({ name, ...scored }))
    },
    sets,
    suggested: [],
    relationGroups: [
      {
        kind: 'N-1',
        items: relations.map((relation) => ({ relation, count: 40, cells: sets.map(() => cell) }))
      }
    ],
    reference
  }
}

function draw(data: SetFigureData, width: number, look = paperLook): string {
  return renderToStaticMarkup(createElement(SetFigure, { data, look, width }))
}

/** Where texts begin and end, their letters half as wide as high, as Helvetica's are about. */
function textEnds(svg: string): [number, number][] {
  return [...svg.matchAll(/<text x="([^"]+)"[^>]*?>([^<]*)</g)].map(([tag, at, text]) => {
    const [x, wide] = [Number(at), (text ?? '').length * paperLook.size * 0.5]
    if (tag.includes('text-anchor="end"')) return [x - wide, x]
    return tag.includes('text-anchor="middle"') ? [x - wide / 2, x + wide / 2] : [x, x + wide]
  })
}

const cases: readonly { readonly what: string; readonly data: SetFigureData }[] = [
  { what: 'one source', data: figureData(['bert-small'], ['capital']) },
  {
    what: 'two sources of long names on the relations of the sample',
    data: figureData(
      ['a-model-with-a-long-name-large', 'a-model-with-a-long-name-small'],
      ['native-language', 'instrument-played', 'headquarters']
    )
  },
  {
    what: 'eight sources on 41 relations',
    data: figureData(
      Array.from({ length: 8 }, (_, place) => `source-${place}`),
      Array.from({ length: 41 }, (_, place) => `P${1000 + place}`)
    )
  }
]

describe.each(cases)('the figure of $what', ({ data }) => {
  it.each(Object.values(paperWidths))('fits into %f points, with its letters', (width) => {
    const svg = draw(data, width)
    expect(Number(/ width="([\d.]+)pt"/.exec(svg)?.[1])).toBeLessThanOrEqual(width)
    expect(svg).not.toMatch(/(width|height|r)="-/)
    const ends = textEnds(svg)
    expect(ends.length).toBeGreaterThan(5)
    expect(Math.min(...ends.map(([begin]) => begin))).toBeGreaterThanOrEqual(0)
    expect(Math.max(...ends.map(([, end]) => end))).toBeLessThanOrEqual(width)
  })
})

it('keeps its names whole on a screen, which scrolls', () => {
  const data = figureData(['a-model-with-a-long-name-large', 'another-with-a-long-name'], ['capital'])
  const svg = draw(data, 200, screenLooks.light)
  expect(svg).toContain('>a-model-with-a-long-name-large<')
  expect(Number(/ width="([\d.]+)px"/.exec(svg)?.[1])).toBeGreaterThan(200)
})
