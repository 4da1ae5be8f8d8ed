/** What stands in the cells of relations and models. */
import { describe, expect, it } from 'vitest'
import type { EvaluationEntry } from '#preload/contract/task-methods.ts'
import { type MatrixLists, promptMatrix } from '#renderer/prompts/matrix-data.ts'
import { noFilters, type PromptFilters } from '#renderer/prompts/prompt-filters.ts'
import { modelEntry, promptSummary, taskEntry } from '#test/support/mix-lists.ts'

function evaluation(
  promptId: string,
  accuracy: number,
  change: Partial<EvaluationEntry> = {}
): EvaluationEntry {
  return {
    id: `${promptId} ${accuracy}`,
    promptId,
    condition: 'prompt',
    model: 'bert',
    tableFingerprint: 'table of bert',
    task: 'P2',
    split: 'test',
    template: '',
    scores: {
      examples: 10,
      accuracy,
      accuracyInterval: { low: 0, high: 1 },
      precisionAt10: 1,
      meanReciprocalRank: 1,
      meanLoss: 1
    },
    createdAt: 1,
    ...change
  }
}

const [first, second] = [taskEntry('P2'), taskEntry('P10')]
const lists: MatrixLists = {
  models: [modelEntry('bert'), modelEntry('gpt2')],
  tasks: [
    { ...first, summary: { ...first.summary, relation: { label: 'born in', kind: 'N-1' } } },
    { ...second, summary: { ...second.summary, relation: { label: 'capital', kind: '1-1' } } }
  ],
  prompts: [
    promptSummary('bert', 'P2', { id: 'carried', origin: 'run', createdAt: 9 }),
    promptSummary('bert', 'P2', { id: 'imported' }),
    promptSummary('bert', 'P2', { id: 'tuned', origin: 'tuning' }),
    promptSummary('gpt2', 'P10', { id: 'only carried', origin: 'run' }),
    promptSummary('xlnet', 'P2', { id: 'stranger' }),
    promptSummary('bert', null, { id: 'of none' })
  ],
  evaluations: [
    evaluation('tuned', 0.9, { split: 'dev', createdAt: 5 }),
    evaluation('tuned', 0.7, { createdAt: 2 }),
    evaluation('tuned', 0.6),
    evaluation('tuned', 0.1, { task: 'P10', createdAt: 7 })
  ]
}

const shown = (filters: Partial<PromptFilters>) => promptMatrix(lists, { ...noFilters, ...filters })

/** `[kind, [relation, [state and number of prompts, …]]]`. */
const summary = (filters: Partial<PromptFilters> = {}) =>
  shown(filters).groups.map(({ kind, items }) => [
    kind,
    items.map(({ relation, cells }) => [
      relation,
      cells.map(({ state, prompts }) => `${state} ${prompts.length}`)
    ])
  ])

describe('the matrix of prompts', () => {
  it('has rows by kind, columns for all models, and a state for every cell', () => {
    expect(shown({}).models.map(({ name }) => name)).toEqual(['bert', 'gpt2', 'xlnet'])
    expect(summary()).toEqual([
      ['1-1', [['P10', ['missing 0', 'transferred 1', 'missing 0']]]],
      ['N-1', [['P2', ['tuned 3', 'missing 0', 'imported 1']]]],
      [null, [['no relation', ['imported 1', 'missing 0', 'missing 0']]]]
    ])
  })

  it('tells the accuracy of the first prompt on its own task, the newest on test before dev', () => {
    const [, group] = shown({}).groups
    const [cell, missing] = group?.items[0]?.cells ?? []
    expect(cell?.prompts.map(({ id }) => id)).toEqual(['tuned', 'imported', 'carried'])
    expect(cell?.evaluation?.scores.accuracy).toBe(0.7)
    expect(missing?.evaluation).toBeNull()
  })

  it('is filtered by words, model, relation and origin; what a filter hides is not missing', () => {
    expect(summary({ text: 'capital' })).toEqual([
      ['1-1', [['P10', ['missing 0', 'transferred 1', 'missing 0']]]]
    ])
    expect(summary({ text: 'stranger' })).toEqual([])
    expect(summary({ text: 'xlnet', relation: 'P2' })).toEqual([
      ['N-1', [['P2', ['filtered 0', 'missing 0', 'imported 1']]]]
    ])
    expect(summary({ model: 'gpt2', relation: 'P10' })).toEqual([['1-1', [['P10', ['transferred 1']]]]])
    expect(summary({ relation: 'P2', origin: 'file' })).toEqual([
      ['N-1', [['P2', ['imported 1', 'missing 0', 'imported 1']]]]
    ])
  })
})
