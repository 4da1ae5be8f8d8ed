/** The figure of source sets in a paper: no wider than its column, whatever is in it. */
import { describe, expect, it } from 'vitest'
import { layoutOf, type SetFigureData, widthOfNumbers } from '#renderer/combinations/figure-layout.ts'
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

/** Letters are half as wide as high, as Helvetica's are about. */
function widthOf(text: string): number {
  return text.length * paperLook.size * 0.5
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
  it.each(Object.values(paperWidths))('fits into %f points, with its letters', (available) => {
    const { width, left, end, column, names, note, namesAbove } = layoutOf(data, paperLook, available)
    expect(width).toBeLessThanOrEqual(available)
    expect(column).toBeGreaterThan(0)
    expect(note.join(' ')).toContain('may be noise')
    for (const line of note) expect(widthOf(line)).toBeLessThanOrEqual(width)
    for (const name of names.values()) expect(widthOf(`${name} 40`)).toBeLessThanOrEqual(left)
    expect(new Set(names.values()).size).toBe(names.size)
    const beside = namesAbove ? '90.0 %' : 'tuned on the target 90.0 %'
    expect(end + widthOf(beside)).toBeLessThanOrEqual(width)
  })
})

it('keeps its names whole on a screen, which scrolls', () => {
  const data = figureData(['a-model-with-a-long-name-large', 'another-with-a-long-name'], ['capital'])
  const { names, width } = layoutOf(data, screenLooks.light, 200)
  expect(names.get('a-model-with-a-long-name-large')).toBe('a-model-with-a-long-name-large')
  expect(width).toBeGreaterThan(200)
})

it('names references above the plot of a narrow screen, where that leaves its columns room for numbers', () => {
  const data = figureData(['bert-small', 'roberta-small'], ['capital'])
  const [wide, narrow, tiny] = [900, 420, 200].map((available) =>
    layoutOf(data, screenLooks.light, available)
  )
  const least = widthOfNumbers * screenLooks.light.size
  expect(wide).toMatchObject({ namesAbove: false })
  expect(narrow).toMatchObject({ namesAbove: true })
  expect(narrow?.column).toBeGreaterThanOrEqual(least)
  expect(narrow?.width).toBeLessThanOrEqual(420)
  expect(tiny).toMatchObject({ namesAbove: false })
})
