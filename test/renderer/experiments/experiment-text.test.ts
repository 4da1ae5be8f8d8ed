/** The form's changes of an experiment file: one setting, and nothing else of the text. */
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { TaskEntry } from '#preload/contract/task-methods.ts'
import { outlineOf, withSetting } from '#renderer/experiments/experiment-text.ts'
import { taskSetsOf } from '#renderer/experiments/task-sets.ts'

const text = `# What it is for.
name: small   # said so
models:
  bert: models/bert
  gpt2: { folder: models/gpt2 }
sources:
  - bert # first
  - gpt2
targets: [gpt2]
tasks:
  facts: { kind: relations, folder: trex, only: [P19] }
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
      tasks: [{ name: 'facts', kind: 'relations', folder: 'trex', only: ['P19'], limit: null }],
      methods: ['exact'],
      seeds: [],
      settings: { anchors: null, length: null },
      sections: [{ name: 'main', methods: ['exact'], tasks: [], sources: 'subsets' }]
    })
    expect(outlineOf('')).toMatchObject({ name: '', sections: [] })
    expect(outlineOf('sections: [{ sources: [[a, b]] }]')).toMatchObject({
      sections: [{ name: '', methods: [], tasks: [], sources: null }]
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

  it.each([
    [['seeds'], [1, 2], `${text}seeds: [1, 2]\n`],
    [['settings', 'anchors'], 512, `${text}settings: { anchors: 512 }\n`],
    [['models', 'albert'], 'models/albert', text.replace('sources:', '  albert: models/albert\nsources:')],
    [['tasks', 'facts', 'only'], undefined, text.replace(', only: [P19] }', ' }')],
    [['tasks', 'facts', 'limit'], 20, text.replace('[P19] }', '[P19], limit: 20 }')],
    [
      ['tasks', 'reviews'],
      {
        kind: 'classification',
        template: '[X] It was, all in all, [MASK] .',
        labelWords: { 'a, b': 'good' }
      },
      text.replace(
        'methods:\n  exact',
        `  reviews: { kind: classification, template: "[X] It was, all in all, [MASK] .", labelWords: { "a, b": good } }\nmethods:\n  exact`
      )
    ],
    [['methods', 'exact', 'ridge'], 0, text.replace('exact }', 'exact, ridge: 0 }')],
    [['models', 'bert'], undefined, text.replace('  bert: models/bert\n', '')],
    [['methods', 'exact', 'kind'], undefined, text.replace('{ kind: exact }', '{ }')],
    [['sections', 0, 'methods'], undefined, text.replace('    methods: [exact]\n', '')],
    [['nothing'], undefined, text]
  ] as const)('adds or takes out %j, and nothing else', (path, value, expected) => {
    expect(withSetting(text, path, value)).toBe(expected)
  })

  it('changes lists of lines, also at the end of a file without an end of line', () => {
    const shorter = withSetting(text, ['sources'], ['gpt2'])
    expect(parse(shorter)).toEqual({ ...parse(text), sources: ['gpt2'] })
    expect(shorter).toContain('# What it is for.')
    expect(withSetting('name: a', ['seeds'], [1])).toBe('name: a\nseeds: [1]\n')
    expect(withSetting('', ['name'], 'a')).toBe('name: a\n')
    expect(withSetting('a: { b: 1, c: 2 }', ['a', 'b'], undefined)).toBe('a: { c: 2 }')
    expect(withSetting('a: { b: 1, c: 2 }', ['a', 'c'], undefined)).toBe('a: { b: 1 }')
  })
})

describe('tasks of the project in the form', () => {
  it('are a set per folder of relations, and one of each labelled text', () => {
    const summary = {
      kind: 'relation' as const,
      relation: null,
      template: null,
      sha256: '',
      notes: [],
      candidates: null,
      examples: { train: 1, dev: 1, test: 1 }
    }
    const task = (name: string, source: TaskEntry['source']): TaskEntry => ({
      id: name,
      source,
      missing: false,
      summary: { ...summary, name }
    })
    const reviews = {
      kind: 'classification' as const,
      files: { test: 't.tsv' },
      textColumn: 'text',
      labelColumn: 'label',
      labelWords: {},
      template: null
    }
    const folder = (relation: string) => `C:\\lama\\trex\\${relation}`
    const sets = taskSetsOf([
      task('P36', { kind: 'relation', folder: folder('P36'), commonVocabulary: 'words.txt' }),
      task('P19', { kind: 'relation', folder: folder('P19'), commonVocabulary: 'words.txt' }),
      task('reviews', { ...reviews, name: 'reviews' })
    ])
    expect(sets).toEqual([
      {
        name: 'trex',
        setting: {
          kind: 'relations',
          folder: 'C:\\lama\\trex',
          commonVocabulary: 'words.txt',
          only: ['P19', 'P36']
        }
      },
      { name: 'reviews', setting: reviews }
    ])
  })
})
