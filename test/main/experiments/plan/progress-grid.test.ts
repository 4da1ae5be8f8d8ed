import { expect, it } from 'vitest'
import { progressGrid } from '#main/experiments/plan/progress-grid.ts'
import { madeUpResults } from '#test/support/experiment-results.ts'

it('lays the cells of a section out as its table, with how many of each place are done', () => {
  const { sections, results } = madeUpResults({
    file: {
      name: 'grid',
      models: { a: 'a', b: 'b' },
      sources: ['a'],
      targets: ['a', 'b'],
      tasks: { facts: { kind: 'relations', folder: 'x' } },
      methods: { manual: { kind: 'manual' }, exact: { kind: 'exact' } },
      seeds: [1, 2],
      sections: [{ name: 'one', methods: ['manual', 'exact'], includeSelfTransfer: false }]
    },
    tasks: { facts: ['r1', 'r2'] },
    widths: { a: 8, b: 8 },
    answers: ({ method, seed }) => (method === 'exact' && seed === 2 ? null : { ranks: [1] })
  })
  const grids = sections.map((section) => progressGrid(section, new Set(results.keys())))
  expect(grids).toEqual([
    {
      title: 'one',
      columns: ['a', 'b'],
      rows: [
        {
          label: 'manual',
          cells: [
            { done: 2, planned: 2 },
            { done: 2, planned: 2 }
          ]
        },
        // A prompt that is not transferred to its own model leaves its place empty; of two seeds one ran.
        { label: 'exact: a', cells: [null, { done: 2, planned: 4 }] }
      ]
    }
  ])
})
