/** How long a job still takes, for a person. */
import { describe, expect, it } from 'vitest'
import { durationText } from '#engine/common/format/duration.ts'
import { inQueueOrder, secondsLeft, shareDone } from '#renderer/queue/job-estimate.ts'

const cells = { queued: 5, running: 1, finished: 3, failed: 1, cancelled: 0 }

describe('the time left', () => {
  it('goes by the pace of what has ended since it was watched', () => {
    // 2.5 parts in 5 s since 2 were done; of 10, 5.5 are left.
    const pace = { startedAt: 1000, doneAtStart: 2 }
    expect(secondsLeft({ cells, seconds: null }, 0.5, pace, 6000)).toBeCloseTo((5.5 * 5) / 2.5, 9)
  })

  it('goes by what like work took before, where there was some', () => {
    const seconds = { queued: 40, running: 8 }
    expect(secondsLeft({ cells, seconds }, 0.25, { startedAt: 0, doneAtStart: 4 }, 1)).toBeCloseTo(46, 9)
  })

  it('is not known before anything has ended', () => {
    expect(secondsLeft({ cells, seconds: null }, 0, { startedAt: 0, doneAtStart: 4 }, 6000)).toBeNull()
  })

  it.each([
    [40, '40 s'],
    [100, '2 min'],
    [11_100, '3 h 5 min']
  ])('%i s reads as %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text)
  })
})

describe('how far a job is', () => {
  it('is no whole bar where the rest was cancelled', () => {
    const cancelled = { queued: 0, running: 0, finished: 3, failed: 1, cancelled: 6 }
    expect(shareDone({ cells: cancelled, state: 'cancelled' }, 0)).toBe(40)
    expect(shareDone({ cells, state: 'running' }, 0.5)).toBe(45)
    const finished = { queued: 0, running: 0, finished: 10, failed: 0, cancelled: 0 }
    expect(shareDone({ cells: finished, state: 'finished' }, 0)).toBe(100)
  })
})

it('lists what is at work first, then what waits in its turn, then what has ended', () => {
  const states = ['queued', 'queued', 'running', 'cancelled', 'finished', 'failed'] as const
  // The newest was moved before the other one that waits.
  const newestFirst = states.map((state, place) => ({ state, place, position: place }))
  expect(inQueueOrder(newestFirst).map(({ place }) => place)).toEqual([2, 0, 1, 3, 4, 5])
})
