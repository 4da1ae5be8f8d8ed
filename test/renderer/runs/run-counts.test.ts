import { expect, it } from 'vitest'
import { countsText } from '#renderer/runs/run-counts.ts'
import { runEntry } from '#test/support/run-entries.ts'

it('counts an example once that several runs were asked', () => {
  const runs = [
    runEntry('a', { relation: 'P1' }),
    runEntry('b', { relation: 'P1', sources: ['roberta'] }),
    runEntry('c', { relation: 'P2' })
  ]
  expect(countsText(runs)).toBe('N:\u00a03 runs of 2 relations with 100 examples.')
})

it('leaves out what there is none of', () => {
  const [run] = [runEntry('a', { relation: null, accuracy: null })]
  expect(countsText([run])).toBe('N:\u00a01 run.')
  expect(countsText([{ ...run, relation: 'P1' }])).toBe('N:\u00a01 run of 1 relation.')
})
