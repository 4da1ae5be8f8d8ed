/** What is offered while an experiment file is typed: `|` is the cursor. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { jsonSchemaSchema, schemaOptions } from '#renderer/experiments/schema-options.ts'
import { yamlPlaceAt } from '#renderer/experiments/yaml-place.ts'

function placeIn(marked: string) {
  const at = marked.indexOf('|')
  return yamlPlaceAt(marked.replace('|', ''), at)
}

describe('the place in a YAML text', () => {
  it.each([
    ['na|', [], 'key', 'na'],
    ['name: te|', ['name'], 'value', 'te'],
    ['a:\n  b:\n    c|', ['a', 'b'], 'key', 'c'],
    ['a:\n  b:\n    c: 1\n  d|', ['a'], 'key', 'd'],
    ['a: # said\n\n  # more\n  b: x|', ['a', 'b'], 'value', 'x'],
    ['list: [one, tw|', ['list', '-'], 'value', 'tw'],
    ['list: [[one], tw|', ['list', '-'], 'value', 'tw'],
    ['a: { kind: exact, ri|', ['a'], 'key', 'ri'],
    ['a: { kind: exact, ridge: 0|', ['a', 'ridge'], 'value', '0'],
    ['a: { b: [1], c: { d: e|', ['a', 'c', 'd'], 'value', 'e'],
    ['parts:\n  - name: x\n    me|', ['parts', '-'], 'key', 'me'],
    ['parts:\n- name: x\n  methods: [y|', ['parts', '-', 'methods', '-'], 'value', 'y'],
    ['parts:\n  - name: x\n  - na|', ['parts', '-'], 'key', 'na'],
    ['parts:\n  - { name: x, me|', ['parts', '-'], 'key', 'me'],
    ['a:\n  - [b, c|', ['a', '-', '-'], 'value', 'c'],
    ['a:\n  b: 1\n|', [], 'key', '']
  ])('of %j', (text, path, kind, typed) => {
    expect(placeIn(text)).toEqual({ path, kind, typed })
  })
})

describe('completion', () => {
  const head =
    'models:\n  bert: a\n  # a comment\n  gpt2: { folder: b }\nmethods:\n  exact: { kind: exact }\n'
  const offered = async (typed: string): Promise<string[]> => {
    const schema = jsonSchemaSchema.parse(
      JSON.parse(await readFile('assets/experiments/experiment.schema.json', 'utf8'))
    )
    const marked = `${head}${typed}`
    const text = marked.replace('|', '')
    return schemaOptions(schema, text, yamlPlaceAt(text, marked.indexOf('|'))).map(({ label }) => label)
  }

  it('offers settings, their values and the names that the file gives', async () => {
    expect(await offered('|')).toEqual(expect.arrayContaining(['name', 'targets', 'sections']))
    expect(await offered('anchors: { ca|')).toEqual(expect.arrayContaining(['casePolicy', 'filters']))
    expect(await offered('anchors:\n  casePolicy: |')).toEqual(['exact', 'fold'])
    expect(await offered('targets: [|')).toEqual(['bert', 'gpt2'])
    expect(await offered('sections:\n  - name: x\n    methods: [|')).toEqual(['exact'])
    expect(await offered('sections:\n  - name: x\n    |')).toEqual(
      expect.arrayContaining(['name', 'title', 'methods', 'sources', 'targets', 'vary'])
    )
    expect(await offered('settings: { mask: { kind: |')).toEqual(['all', 'top-k', 'common-top-k'])
    expect(await offered('nothing: { like: |')).toEqual([])
  })
})
