import { describe, expect, it } from 'vitest'
import type { Condition } from '#main/experiments/report/conditions.ts'
import { familyAndSize, isDecoder, paperModel } from '#main/experiments/report/paper-models.ts'
import { type PublishedTasks, publishedFigure, publishedTasks } from '#main/experiments/report/published.ts'
import { madeUpResults } from '#test/support/experiment-results.ts'

/** All relations of LAMA: their names alone count. */
const lama = Array.from({ length: 41 }, (_, index) => `P${index + 1}`)

/** The task sets of an experiment that the paper has figures of. */
function tasksOf(relations: readonly string[], limit: number | null = null): PublishedTasks {
  const results = madeUpResults({
    file: {
      name: 'published',
      models: { m: 'm' },
      sources: ['m'],
      targets: ['m'],
      tasks: {
        facts: { kind: 'relations', folder: 'x', limit },
        'SST-2': { kind: 'classification', files: {}, labelWords: { a: 'b' }, limit }
      },
      methods: { manual: { kind: 'manual' } },
      sections: [{ name: 'one', methods: ['manual'] }]
    },
    tasks: { facts: relations, 'SST-2': ['SST-2'] },
    widths: { m: 8 },
    answers: () => null
  })
  return publishedTasks(results)
}

function condition(
  kind: string,
  sources: readonly string[],
  target: string,
  more: Partial<Condition> = {}
): Condition {
  return {
    method: 'any',
    kind,
    sources: sources.map((model) => ({ model, weight: 1 })),
    target,
    taskSet: 'facts',
    length: 5,
    anchors: null,
    mask: null,
    centre: 'none',
    rescale: 'after',
    ...more
  }
}

const accuracy = (one: Condition): number | undefined => publishedFigure(one, tasksOf(lama))?.accuracy

describe('the figures that the paper prints', () => {
  it('are found by method, sources, target and task, whatever the models are called here', () => {
    expect(accuracy(condition('exact', ['roberta-base'], 'bert-base-cased'))).toBe(31.33)
    expect(accuracy(condition('adam', ['roberta-base', 'bert-base-cased'], 'albert-large-v1'))).toBe(26.54)
    expect(accuracy(condition('manual', [], 'gpt2', { length: null, rescale: null }))).toBe(4.73)
    expect(accuracy(condition('direct-copy', ['bert-large-cased'], 'roberta-large'))).toBe(6.27)
    expect(accuracy(condition('projector', ['roberta-large'], 'roberta-large'))).toBe(12.8)
    expect(accuracy(condition('exact', ['bert-base'], 'roberta-large', { taskSet: 'SST-2' }))).toBe(82.45)
  })

  it('stand beside nothing else', () => {
    expect(accuracy(condition('exact', ['bert-small'], 'bert-base-cased'))).toBeUndefined()
    expect(accuracy(condition('exact', ['roberta-base'], 'bert-base', { length: 10 }))).toBeUndefined()
    expect(accuracy(condition('exact', ['roberta-base'], 'bert-base', { rescale: 'none' }))).toBeUndefined()
    expect(accuracy(condition('procrustes', ['roberta-base'], 'bert-base'))).toBeUndefined()
    const weighted = [
      { model: 'bert-base', weight: 2 },
      { model: 'roberta-base', weight: 1 }
    ]
    expect(accuracy(condition('exact', [], 'albert-base', { sources: weighted }))).toBeUndefined()
  })
})

describe('the tasks that the paper prints figures of', () => {
  it('are all of LAMA’s relations and whole classifications, not a part of them and not others', () => {
    expect([...tasksOf(lama)]).toEqual([
      ['facts', 'lama'],
      ['SST-2', 'sst-2']
    ])
    expect([...tasksOf(lama.slice(1)).keys()]).toEqual(['SST-2'])
    expect([...tasksOf(lama.map((name) => `my-${name}`)).keys()]).toEqual(['SST-2'])
    expect([...tasksOf(lama, 100)]).toEqual([])
  })
})

describe('the names of models', () => {
  it('say which model of the paper, which family and size, and which kind it is', () => {
    expect(paperModel('google-bert/bert-large-uncased')).toBe('bert-large')
    expect(paperModel('GPT2')).toBe('gpt2-small')
    expect(paperModel('bert-large-wwm')).toBeNull()
    expect(familyAndSize('roberta-small')).toEqual({ family: 'roberta', size: 2 })
    expect(familyAndSize('my-model')).toBeNull()
    expect([isDecoder('gpt2'), isDecoder('roberta-base')]).toEqual([true, false])
  })
})
