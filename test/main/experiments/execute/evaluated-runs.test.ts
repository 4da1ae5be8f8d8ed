import { expect, it } from 'vitest'
import { madeUpResults } from '#test/support/experiment-results.ts'

it('keeps the rank of every answer, and one list for all results that asked the same examples', () => {
  const { results } = madeUpResults({
    file: {
      name: 'small',
      models: { a: 'a' },
      sources: ['a'],
      targets: ['a'],
      tasks: { facts: { kind: 'relations', folder: 'x' } },
      methods: { manual: { kind: 'manual' }, exact: { kind: 'exact' } },
      sections: [{ name: 'one', methods: ['manual', 'exact'] }]
    },
    tasks: { facts: ['r1', 'r2'] },
    widths: { a: 8 },
    answers: ({ method, task }) => ({
      ranks: task.name === 'r2' ? [3] : method === 'manual' ? [1, 2, 5] : [4, 1, 1]
    })
  })
  const [manual, shorter, exact] = [...results.values()]
  expect([...(manual?.ranks ?? [])]).toEqual([1, 2, 5])
  expect(manual?.examples).toEqual(['example 0', 'example 1', 'example 2'])
  expect(exact?.examples).toBe(manual?.examples)
  expect([...(exact?.ranks ?? [])]).toEqual([4, 1, 1])
  expect(shorter?.examples).toEqual(['example 0'])
  expect(manual).not.toHaveProperty('predictions')
})
