/** Windows hear of progress at once but not too often, and of other figures without delay. */
import { expect, it, onTestFinished, vi } from 'vitest'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { createListeners } from '#engine/common/rpc/listeners.ts'
import { followQueue } from '#main/api/follow-queue.ts'
import type { QueueEvent } from '#main/queue/events.ts'

const pause = 100

function follow() {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const events = createListeners<QueueEvent>()
  const told: Progress['values'][] = []
  onTestFinished(
    followQueue(
      { onEvent: events.add },
      { changed: () => {}, progressed: ({ progress }) => told.push(progress.values) }
    )
  )
  const step = (values: Record<string, number>): void => {
    const progress = { done: 1, total: 9, label: 'tuning', values }
    events.emit({ kind: 'progress', jobId: 'job', cellsDone: 0, cells: 1, label: 'P19', progress })
  }
  return { told, step, end: () => events.emit({ kind: 'finished', jobId: 'job' }) }
}

it('tells a short work whole', () => {
  const { told, step } = follow()
  const losses = Array.from({ length: 200 }, (_, index) => ({ loss: 200 - index }))
  for (const values of losses) step(values)
  expect(told).toEqual(losses)
})

it('drops steps of a long one that follow too soon, but no validation, and not the last', () => {
  const { told, step, end } = follow()
  for (let index = 0; index < 500; index++) step({ loss: 500 - index })
  expect(told).toHaveLength(200)
  step({ loss: 0.9, accuracy: 0.5 })
  step({ loss: 0.8 })
  vi.advanceTimersByTime(pause)
  step({ loss: 0.7 })
  step({ loss: 0.6 })
  expect(told.slice(200)).toEqual([{ loss: 0.9, accuracy: 0.5 }, { loss: 0.7 }])
  end()
  end()
  expect(told.slice(202)).toEqual([{ loss: 0.6 }])
})
