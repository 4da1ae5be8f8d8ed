/** Filters of runs as text. */
import { describe, expect, it } from 'vitest'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { filterParts, parseFilter, partText, withPart } from '#renderer/runs/filter/run-filter.ts'
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
    ['λ=0.01 target:bert', ['a']],
    ['accuracy>=60%', ['a']],
    ['accuracy=40%', ['b']],
    ['tags=', ['a', 'b', 'c']],
    ['a>b', []]
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

  it('takes a name of digits for what it is', () => {
    const [run] = runs
    expect(found('anchorSet=512', [{ ...run, anchorSet: '512' }, run])).toEqual(['a'])
  })

  it('compares with numbers only, and says so', () => {
    expect(parseFilter('accuracy>high').problem).toBe('accuracy> needs a number')
    expect(found('accuracy>high gpt2', runs)).toEqual(['b', 'c'])
  })

  it.each(['sources="albert + bert" -method:adam accuracy>=60%', '"two words" -one tags= "a:b" "-c"'])(
    '%s is written as it is read',
    (text) => {
      const parts = filterParts(text)
      expect(parts.map(partText).join(' ')).toBe(text)
      expect(withPart(parts, 1, null).split(' ')).not.toContain(parts[1]?.text)
    }
  )

  it('is changed part by part', () => {
    const parts = filterParts('target:bert gpt2')
    const sources = { isNegated: true, name: 'sources', operator: '=', value: 'a + b' } as const
    expect(withPart(parts, 0, sources)).toBe('-sources="a + b" gpt2')
    expect(withPart(parts, 2, sources)).toBe('target:bert gpt2 -sources="a + b"')
    expect(withPart(parts, 1, null)).toBe('target:bert')
  })

  it('says which field it does not know, and goes on with the rest', () => {
    expect(parseFilter('colour:red gpt2').problem).toContain('colour')
    expect(found('colour:red gpt2', runs)).toEqual(['b', 'c'])
  })
})
