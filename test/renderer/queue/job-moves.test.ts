/** Where a waiting job goes. */
import { describe, expect, it } from 'vitest'
import { placeOfMove, waitingJobs } from '#renderer/queue/job-moves.ts'

describe('a waiting job', () => {
  it.each([
    ['b', 'up', 'a'],
    ['b', 'down', 'd'],
    ['c', 'down', null],
    ['d', 'top', 'a'],
    ['a', 'end', null],
    ['a', 'up', undefined],
    ['a', 'top', undefined],
    ['d', 'down', undefined],
    ['d', 'end', undefined],
    ['runs', 'up', undefined]
  ] as const)('%s goes %s: before %s', (id, move, expected) => {
    expect(placeOfMove(['a', 'b', 'c', 'd'], id, move)).toBe(expected)
  })

  it('stands where its position says, and nothing else does', () => {
    const jobs = [
      { state: 'queued', position: 7 },
      { state: 'running', position: 1 },
      { state: 'queued', position: 3 },
      { state: 'cancelled', position: 2 }
    ] as const
    expect(waitingJobs(jobs).map(({ position }) => position)).toEqual([3, 7])
  })
})
