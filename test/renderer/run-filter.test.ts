/** Filters of runs as text. */
import { describe, expect, it } from 'vitest'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { parseFilter } from '#renderer/runs/run-filter.ts'
import { runEntry } from '#test/support/run-entries.ts'

function found(text: string, runs: readonly RunEntry[]): string[] {
  return runs.filter(parseFilter(text).matches).map(({ id }) => id)
}

const runs = [
  runEntry('a', { target: 'bert-large', accuracy: 0.8, matching: 0.7 }),
  runEntry('b', { target: 'gpt2', accuracy: 0.4, matching: 0.9, method: 'adam' }),
  runEntry('c', { target: 'gpt2', accuracy: null, matching: 0.95, sources: ['bert', 'albert'] })
]

describe('a filter', () => {
  it.each([
    ['', ['a', 'b', 'c']],
    ['gpt2', ['b', 'c']],
    ['target:GPT', ['b', 'c']],
    ['accuracy>0.5', ['a']],
    ['accuracy<=0.4', ['b']],
    ['matching>=0.9 -method:adam', ['c']],
    ['sources:"bert + albert"', ['c']],
    ['sources:bert', ['a', 'b', 'c']],
    ['sources=bert', ['a', 'b']],
    ['sources="albert + bert"', ['c']],
    ['target=gpt', []],
    ['target=gpt2 -sources=bert', ['c']],
    ['-gpt2', ['a']],
    ['λ=0.01 target:bert', ['a']]
  ])('%s', (text, expected) => {
    expect(parseFilter(text).problem).toBeNull()
    expect(found(text, runs)).toEqual(expected)
  })

  it('finds thousands with their commas and without', () => {
    const [run] = runs
    const scored = { ...run, scores: run.scores && { ...run.scores, examples: 1182 } }
    expect(['examples:1182', 'examples:1,182', 'examples=1182'].map((text) => found(text, [scored]))).toEqual(
      [['a'], ['a'], ['a']]
    )
  })

  it('says which field it does not know, and goes on with the rest', () => {
    expect(parseFilter('colour:red gpt2').problem).toContain('colour')
    expect(found('colour:red gpt2', runs)).toEqual(['b', 'c'])
  })
})
