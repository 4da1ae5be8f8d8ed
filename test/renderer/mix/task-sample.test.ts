/** Which examples a mixture is tried on, and why there may be none. */
import { describe, expect, it } from 'vitest'
import { sourcesOf } from '#renderer/mix/mix-choice.ts'
import { findSample } from '#renderer/mix/task-sample.ts'
import { mixLists, mixSetup, modelEntry, taskEntry } from '#test/support/mix-lists.ts'

const sources = sourcesOf(mixSetup, mixLists)

describe('a sample', () => {
  it('is of the dev split of the task that is called like the relation', () => {
    const { sample } = findSample(mixSetup, sources, mixLists)
    expect(sample).toEqual({ taskId: 'task P1', name: 'P1', split: 'dev', limit: 32 })
  })

  it('is of the test split where a task has no other, and of the task that was chosen', () => {
    const lists = { ...mixLists, tasks: [taskEntry('P1'), taskEntry('other', 0)] }
    const { sample } = findSample({ ...mixSetup, task: 'task other' }, sources, lists)
    expect(sample).toMatchObject({ name: 'other', split: 'test' })
  })

  it('is none where none is wanted, without a word', () => {
    expect(findSample({ ...mixSetup, task: null }, sources, mixLists)).toEqual({
      sample: null,
      hindrance: null
    })
  })

  it.each([
    ['no such task', { tasks: [] }, {}, 'Add the task “P1”'],
    ['a task that was removed', {}, { task: 'gone' }, 'no longer in the project'],
    ['different relations', {}, { promptIds: ['left P1', 'right P2'] }, 'no relation in common'],
    ['files that are gone', { tasks: [{ ...taskEntry('P1'), missing: true }] }, {}, 'not where they were']
  ])('says what stands in its way: %s', (_, lists, setup, hindrance) => {
    const all = { ...mixLists, ...lists }
    const chosen = { ...mixSetup, ...setup }
    const found = findSample(chosen, sourcesOf(chosen, all), all)
    expect(found.sample).toBeNull()
    expect(found.hindrance).toContain(hindrance)
  })

  it('says that a target without a graph can not be asked', () => {
    const large = modelEntry('large')
    const report = { ...large.report, graph: { file: null, note: 'it is quantised' } }
    const models = [...mixLists.models.slice(0, 2), { ...large, report }]
    const { hindrance } = findSample(mixSetup, sources, { ...mixLists, models })
    expect(hindrance).toBe('large can’t be asked: it is quantised')
  })
})
