/** What a window that opens during a tuning is told of it. */
import { describe, expect, it } from 'vitest'
import { createToldProgress } from '#main/api/told-progress.ts'

function step(jobId: string, label: string, done: number, loss: number | null) {
  const values = loss === null ? {} : { values: { loss } }
  return { jobId, cellsDone: 0, cells: 2, label, progress: { done, total: 9, label: 'step', ...values } }
}

describe('what was told of the part at work', () => {
  it('is all of its steps with values, and nothing of an earlier part or job', () => {
    const told = createToldProgress()
    for (const done of [1, 2]) told.add(step('a', 'seed 0', done, 0.5))
    told.add(step('a', 'seed 1', 1, 0.7))
    told.add(step('a', 'seed 1', 2, null))
    told.add(step('a', 'seed 1', 3, 0.6))
    expect(told.all().map(({ progress }) => progress.done)).toEqual([1, 3])
    told.add(step('b', 'seed 1', 1, 0.9))
    expect(told.all().map(({ jobId }) => jobId)).toEqual(['b'])
    told.clear()
    expect(told.all()).toEqual([])
  })
})
