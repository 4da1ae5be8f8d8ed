/** The form's changes of an experiment file: one setting, and nothing else of the text. */
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { outlineOf, withSetting } from '#renderer/experiments/experiment-text.ts'

const text = `# What it is for.
name: small   # said so
models:
  bert: models/bert
  gpt2: { folder: models/gpt2 }
sources:
  - bert # first
  - gpt2
targets: [gpt2]
methods:
  exact: { kind: exact }
sections:
  - name: main
    methods: [exact]
    sources: subsets
`

describe('an experiment file in the form', () => {
  it('is outlined, as far as it is there', () => {
    expect(outlineOf(text)).toEqual({
      name: 'small',
      models: ['bert', 'gpt2'],
      sources: ['bert', 'gpt2'],
      targets: ['gpt2'],
      methods: ['exact'],
      seeds: [],
      settings: { anchors: null, length: null },
      sections: [{ name: 'main', methods: ['exact'], sources: 'subsets' }]
    })
    expect(outlineOf('')).toMatchObject({ name: '', sections: [] })
    expect(outlineOf('sections: [{ sources: [[a, b]] }]')).toMatchObject({
      sections: [{ name: '', methods: [], sources: null }]
    })
    expect(outlineOf('name: [')).toBeNull()
    expect(outlineOf('- a list')).toBeNull()
  })

  it.each([
    [['name'], 'large', text.replace('name: small ', 'name: large ')],
    [['targets'], ['bert', 'gpt2'], text.replace('[gpt2]', '[bert, gpt2]')],
    [['sections', 0, 'sources'], 'each', text.replace('subsets', 'each')],
    [['sections', 0, 'methods'], [], text.replace('methods: [exact]', 'methods: []')]
  ] as const)('changes %j in its place alone', (path, value, expected) => {
    expect(withSetting(text, path, value)).toBe(expected)
  })

  it('changes lists of lines, adds what is missing and takes out, every comment elsewhere kept', () => {
    const shorter = withSetting(text, ['sources'], ['gpt2'])
    expect(parse(shorter)).toEqual({ ...parse(text), sources: ['gpt2'] })
    const seeded = withSetting(shorter, ['seeds'], [1, 2])
    expect(parse(seeded)).toEqual({ ...parse(shorter), seeds: [1, 2] })
    expect(seeded).toContain('# What it is for.')
    const added = withSetting(seeded, ['models', 'albert'], 'models/albert')
    const removed = withSetting(added, ['models', 'bert'], undefined)
    expect(Object.keys(parse(removed).models)).toEqual(['gpt2', 'albert'])
    expect(removed).toContain('# said so')
  })
})
