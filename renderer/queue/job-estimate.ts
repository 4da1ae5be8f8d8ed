/** How far jobs are, in which order they stand, and how long one still takes: by what its like took in the project, else by its own pace. */
import type { JobEntry } from '#preload/contract/job-methods.ts'
import { waitingJobs } from './job-moves.ts'

/** When it was first seen at work, in milliseconds, and what had ended then. */
export type Pace = { readonly startedAt: number; readonly doneAtStart: number }

/** Cells that have ended, whichever way. */
export function endedCells({ cells }: Pick<JobEntry, 'cells'>): number {
  return cells.finished + cells.failed + cells.cancelled
}

export function allCells({ cells }: Pick<JobEntry, 'cells'>): number {
  return endedCells({ cells }) + cells.queued + cells.running
}

/**
 * How much of a job is done, in percent: what was cancelled ended, but is not done.
 * @param fraction of the running cell that is done
 */
export function shareDone(job: Pick<JobEntry, 'cells' | 'state'>, fraction: number): number {
  if (job.state === 'finished') return 100
  return (100 * (endedCells(job) - job.cells.cancelled + fraction)) / Math.max(1, allCells(job))
}

/** What is at work first, then what waits in its turn, then what has ended, the last first. */
export function inQueueOrder<T extends Pick<JobEntry, 'state' | 'position'>>(newestFirst: readonly T[]): T[] {
  const of = (...states: readonly JobEntry['state'][]): T[] =>
    newestFirst.filter(({ state }) => states.includes(state))
  return [...of('running'), ...waitingJobs(newestFirst), ...of('finished', 'failed', 'cancelled')]
}

/**
 * Seconds that the rest takes; where nothing like it was done in the project before, at the pace since it was watched,
 * which is null before anything has ended.
 * @param fraction of the running cell that is done
 */
export function secondsLeft(
  job: Pick<JobEntry, 'cells' | 'seconds'>,
  fraction: number,
  pace: Pace,
  now: number
): number | null {
  if (job.seconds !== null) return job.seconds.queued + (1 - fraction) * job.seconds.running
  const done = endedCells(job) + fraction - pace.doneAtStart
  if (done <= 0) return null
  const rest = allCells(job) - endedCells(job) - fraction
  return (rest * (now - pace.startedAt)) / done / 1000
}
