/** How long a job still takes, for a person. */
import { describe, expect, it } from 'vitest'
import { durationText, remainingMilliseconds } from '#renderer/queue/job-estimate.ts'

const cells = { queued: 5, running: 1, finished: 3, failed: 1, cancelled: 0 }

describe('the time left', () => {
  it('goes by the pace of what has ended since it was watched', () => {
    // 2.5 parts in 5 s since 2 were done; of 10, 5.5 are left.
    const pace = { startedAt: 1000, doneAtStart: 2 }
    expect(remainingMilliseconds({ cells }, 0.5, pace, 6000)).toBeCloseTo((5.5 * 5000) / 2.5, 9)
  })

  it('is not known before anything has ended', () => {
    expect(remainingMilliseconds({ cells }, 0, { startedAt: 0, doneAtStart: 4 }, 6000)).toBeNull()
  })

  it.each([
    [40_000, '40 s'],
    [100_000, '2 min'],
    [11_100_000, '3 h 5 min']
  ])('%i ms reads as %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text)
  })
})
