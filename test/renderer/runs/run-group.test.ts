import { expect, it } from 'vitest'
import { requireField } from '#renderer/runs/run-fields.ts'
import { groupLabel, groupValue } from '#renderer/runs/run-group.ts'
import { runEntry } from '#test/support/run-entries.ts'

function scored(id: string, relation: string, accuracy: number, examples: number) {
  const run = runEntry(id, { relation, accuracy, matching: accuracy / 2 })
  return { ...run, scores: run.scores === null ? null : { ...run.scores, examples } }
}

const configuration = [scored('a', 'P1', 0.5, 10), scored('b', 'P2', 0.25, 40)]

it('averages over examples, and over relations what is no share of examples', () => {
  expect(groupValue(requireField('accuracy'), configuration)).toBeCloseTo((5 + 10) / 50, 12)
  expect(groupValue(requireField('examples'), configuration)).toBe(50)
  expect(groupValue(requireField('matching'), configuration)).toBeCloseTo(0.1875, 12)
  expect(groupValue(requireField('target'), configuration)).toBe('gpt2')
  expect(groupValue(requireField('relation'), configuration)).toBeNull()
  expect(groupLabel(configuration)).toBe('2 relations')
  expect(groupLabel([...configuration, scored('c', 'P2', 1, 40)])).toBe('2 relations, 3 runs')
})

it('has no figure for runs that a setting separates, nor where one was not evaluated', () => {
  const mixed = [...configuration, runEntry('c', { anchors: 64 })]
  expect(groupValue(requireField('accuracy'), mixed)).toBeNull()
  expect(groupValue(requireField('matching'), mixed)).toBeNull()
  expect(groupValue(requireField('method'), mixed)).toBe('exact')
  expect(
    groupValue(requireField('accuracy'), [...configuration, runEntry('c', { accuracy: null })])
  ).toBeNull()
})
