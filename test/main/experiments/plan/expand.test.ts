/** Sections expand to every combination that makes a difference, and to no other. */
import { describe, expect, it } from 'vitest'
import { type CellSpecification, expandSection, requireModest } from '#main/experiments/plan/expand.ts'
import { smallExperimentFile } from '#test/support/small-experiment.ts'

const surroundings = {
  tasks: { facts: ['capital', 'currency'] },
  sharedAnchors: 600,
  widths: { 'bert-small': 64, 'roberta-small': 64, 'bert-large': 96 }
}

/** The cells of the small experiment's section of this name. */
function expand(name: string, ...changes: [string, string][]): CellSpecification[] {
  const experiment = smallExperimentFile(...changes)
  const section = experiment.sections.find((one) => one.name === name)
  if (section === undefined) throw new Error(`no section ${name}`)
  return expandSection(experiment, section, surroundings)
}

function sets(cells: readonly CellSpecification[]): string[] {
  return [
    ...new Set(
      cells.map(({ sources }) => sources.map(({ model, weight }) => `${weight} ${model}`).join(' + '))
    )
  ]
}

describe('a section', () => {
  it('has a cell per method, set of sources, target, task, seed and value', () => {
    const cells = expand('sets', [
      'sources: subsets',
      'sources: subsets\n    seeds: [1, 2]\n    vary: { anchors: [100, 512, all] }'
    ])
    // 3 sets × 1 target × 2 tasks × 2 seeds × 3 numbers of anchors
    expect(cells).toHaveLength(36)
    expect(new Set(cells.map(({ anchors }) => anchors))).toEqual(new Set([100, 512, 600]))
    expect(cells[0]).toEqual({
      method: 'exact',
      sources: [{ model: 'bert-small', weight: 1 }],
      target: 'bert-large',
      task: { set: 'facts', name: 'capital' },
      seed: 1,
      length: 5,
      anchors: 100,
      mask: { kind: 'all' },
      centre: 'none',
      rescale: 'after'
    })
  })

  it('centres where there are anchors', () => {
    const cells = expand('sets', ['sources: subsets', 'vary: { centre: [none, mean] }'])
    expect(cells.map(({ centre }) => centre).sort()).toEqual([
      ...cells.slice(0, cells.length / 2).map(() => 'mean'),
      ...cells.slice(0, cells.length / 2).map(() => 'none')
    ])
    const others = expand('others', [
      'methods: [least-squares, search]',
      'vary: { centre: [mean] }\n    methods: [least-squares, manual]'
    ])
    expect(new Set(others.map(({ method, centre }) => `${method} ${centre}`))).toEqual(
      new Set(['least-squares mean', 'manual none'])
    )
  })

  it('asks for more anchors than there are but once', () => {
    expect(expand('sets', ['sources: subsets', 'vary: { anchors: [all, 600, 5000] }'])).toHaveLength(4)
  })

  it('takes sets of sources one by one, two by two, all, or as they are named', () => {
    const one = '1 bert-small'
    const other = '1 roberta-small'
    const both = '1 bert-small + 1 roberta-small'
    expect(sets(expand('sets', ['sources: subsets', 'sources: each']))).toEqual([one, other])
    expect(sets(expand('sets', ['sources: subsets', 'sources: pairs']))).toEqual([both])
    expect(sets(expand('sets'))).toEqual([one, other, both])
    const named = 'sources: [bert-large, [bert-small, roberta-small], { bert-small: 2, roberta-small: 0.5 }]'
    expect(sets(expand('sets', ['sources: subsets', named]))).toEqual([
      '1 bert-large',
      both,
      '2 bert-small + 0.5 roberta-small'
    ])
  })

  it('leaves a target out that is among its sources, where asked to', () => {
    const targets: [string, string] = ['targets: [bert-large]', 'targets: [bert-large, bert-small]']
    const without: [string, string] = ['sources: subsets', 'sources: subsets\n    includeSelfTransfer: false']
    expect(expand('sets', targets)).toHaveLength(12)
    const cells = expand('sets', targets, without)
    expect(cells).toHaveLength(8)
    for (const { sources, target } of cells) {
      expect(sources.map(({ model }) => model)).not.toContain(target)
    }
  })

  it('varies only what counts for a method: a manual template has neither length nor seed', () => {
    const cells = expand('references', [
      'direct-tuning]',
      'direct-tuning]\n    seeds: [1, 2]\n    vary: { length: [1, 5], rescale: [after, none] }'
    ])
    const of = (method: string) => cells.filter((cell) => cell.method === method)
    expect(of('manual')).toHaveLength(2)
    expect(of('random')).toHaveLength(8)
    expect(of('direct-tuning')).toHaveLength(8)
    expect(of('manual')[0]).toMatchObject({
      seed: null,
      length: null,
      anchors: null,
      mask: null,
      rescale: null
    })
  })

  it('transfers by a baseline from every set of sources, and copies between models of one width alone', () => {
    const copy: [string, string] = [
      'least-squares: { kind: least-squares }',
      'least-squares: { kind: direct-copy }'
    ]
    const all: [string, string] = [
      'sources: [bert-small]',
      'sources: subsets\n    targets: [bert-small, bert-large]'
    ]
    const fitted = expand('others', all).filter(({ method }) => method === 'least-squares')
    expect(sets(fitted)).toEqual(['1 bert-small', '1 roberta-small', '1 bert-small + 1 roberta-small'])
    const copied = expand('others', copy, all).filter(({ method }) => method === 'least-squares')
    expect(new Set(copied.map(({ target }) => target))).toEqual(new Set(['bert-small']))
  })
})

describe('an experiment', () => {
  const models = Array.from({ length: 40 }, (_, index) => `m${index}`)
  const manyModels: [string, string] = [
    'sources: [bert-small, roberta-small]',
    `sources: [bert-small, roberta-small, ${models.join(', ')}]`
  ]

  it('of all sets of forty sources is refused before a set is made', () => {
    const named = models.map((name) => `\n  ${name}: bert-small`).join('')
    const experiment = smallExperimentFile(manyModels, ['models:', `models:${named}`])
    expect(() => requireModest(experiment, surroundings)).toThrow('The experiment is too large.')
  })

  it('of every combination of many values is refused', () => {
    const numbers = Array.from({ length: 1000 }, (_, index) => index + 1).join(', ')
    const experiment = smallExperimentFile([
      'sources: subsets',
      `sources: subsets\n    vary: { length: [${numbers}], anchors: [${numbers}] }`
    ])
    expect(() => requireModest(experiment, surroundings)).toThrow('The experiment is too large.')
  })

  it('as people write them is not', () => {
    expect(() => requireModest(smallExperimentFile(), surroundings)).not.toThrow()
  })
})
