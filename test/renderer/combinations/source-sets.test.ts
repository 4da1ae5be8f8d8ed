/** Sets of sources on the same examples, from runs and their ranks. */
import { describe, expect, it } from 'vitest'
import type { Outcomes } from '#preload/contract/run-methods.ts'
import { answersOf, combine } from '#renderer/combinations/source-sets.ts'
import { runEntry } from '#test/support/run-entries.ts'

type Asked = { readonly examples: readonly string[]; readonly ranks: readonly number[] }

function outcomes(asked: Readonly<Record<string, Asked>>): Outcomes {
  const all = Object.entries(asked)
  return {
    lists: all.map(([, { examples }]) => [...examples]),
    runs: all.map(([id, { ranks }], list) => ({ id, list, ranks: Uint8Array.from(ranks) }))
  }
}

const run = (id: string, sources: readonly string[], relation: string, method = 'exact') =>
  runEntry(id, { sources, relation, method })

const runs = [
  run('a1', ['a'], 'P1'),
  run('a2', ['a'], 'P2'),
  run('b1', ['b'], 'P1'),
  run('b2', ['b'], 'P2'),
  run('ba1', ['b', 'a'], 'P1'),
  run('ab1', ['a', 'b'], 'P1')
]
const references = [run('manual', [], 'P1', 'manual'), run('manual 2', [], 'P2', 'manual')]
const two = ['x', 'y']
const answers = answersOf([
  outcomes({
    a1: { examples: two, ranks: [1, 5] },
    a2: { examples: ['x', 'y', 'z'], ranks: [1, 1, 1] },
    b1: { examples: two, ranks: [2, 1] },
    b2: { examples: ['z', 'x'], ranks: [1, 30] },
    ba1: { examples: two, ranks: [1, 1] },
    ab1: { examples: two, ranks: [1, 2] },
    manual: { examples: two, ranks: [9, 9] },
    'manual 2': { examples: ['x', 'z'], ranks: [1, 2] }
  })
])

describe('sets of sources', () => {
  it('are compared on the examples that all were asked, each once', () => {
    const { tried, untried, examples } = combine({ runs, references }, ['P1', 'P2'], answers, 'P@1', 'micro')
    // Of P2, y was not asked of b.
    expect(examples).toEqual([
      { relation: 'P1', id: 'x' },
      { relation: 'P1', id: 'y' },
      { relation: 'P2', id: 'x' },
      { relation: 'P2', id: 'z' }
    ])
    expect(tried.map(({ name, scores }) => [name, scores])).toEqual([
      ['a', [1, 0, 1, 1]],
      ['b', [0, 1, 0, 1]]
    ])
    expect(tried.map(({ accuracy }) => accuracy)).toEqual([0.75, 0.5])
    expect(untried).toEqual([{ set: 3, members: ['a', 'b'], name: 'a + b', asked: 1 }])
  })

  it('have the macro average beside the micro: each relation once', () => {
    const uneven = answersOf([
      outcomes({
        a1: { examples: two, ranks: [1, 5] },
        a2: { examples: ['x', 'y', 'z'], ranks: [1, 1, 1] }
      })
    ])
    const scope = { runs: runs.slice(0, 2), references: [] }
    // Four of five examples; half of P1 and all of P2.
    const averages = { micro: 0.8, macro: 0.75 }
    const [micro, macro] = (['micro', 'macro'] as const).map((kind) =>
      combine(scope, ['P1', 'P2'], uneven, 'P@1', kind)
    )
    expect(micro).toMatchObject({ tried: [{ name: 'a', accuracy: 0.8, averages }], strata: null })
    expect(macro).toMatchObject({
      tried: [{ accuracy: 0.75, averages }],
      strata: [
        [0, 1],
        [2, 3, 4]
      ]
    })
  })

  it('are one set whatever the order, with the mean of several runs', () => {
    const { tried, untried } = combine({ runs, references }, ['P1'], answers, 'P@1', 'micro')
    expect(untried).toEqual([])
    expect(tried.find(({ name }) => name === 'a + b')?.scores).toEqual([1, 0.5])
  })

  it('count what is among the first ten too, and references that were asked the same', () => {
    const { tried, references: lines } = combine({ runs, references }, ['P1', 'P2'], answers, 'P@10', 'micro')
    expect(tried.find(({ name }) => name === 'b')?.scores).toEqual([1, 1, 0, 1])
    expect(lines).toMatchObject([{ name: 'manual template', accuracy: 1, scores: [1, 1, 1, 1] }])
  })
})
