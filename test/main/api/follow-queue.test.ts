/** Windows hear of progress at once but not too often, and of other figures without delay. */
import { expect, it } from 'vitest'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { createListeners } from '#engine/common/rpc/listeners.ts'
import { followQueue } from '#main/api/follow-queue.ts'
import type { QueueEvent } from '#main/queue/events.ts'

it('tells a validation that follows a step at once, and drops steps that follow too soon', () => {
  const events = createListeners<QueueEvent>()
  const told: Progress['values'][] = []
  const unfollow = followQueue(
    { onEvent: events.add },
    { changed: () => {}, progressed: ({ progress }) => told.push(progress.values) }
  )
  const step = (values: Record<string, number>): void => {
    const progress = { done: 1, total: 9, label: 'tuning', values }
    events.emit({ kind: 'progress', jobId: 'job', cellsDone: 0, cells: 1, label: 'P19', progress })
  }
  step({ loss: 3 })
  step({ loss: 2 })
  step({ loss: 1, accuracy: 0.5 })
  step({ loss: 0.5 })
  unfollow()
  expect(told).toEqual([{ loss: 3 }, { loss: 1, accuracy: 0.5 }])
})
