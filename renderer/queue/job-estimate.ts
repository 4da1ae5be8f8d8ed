/** How long a job will still take: by what its like took in the project, else by its own pace. */
import type { JobEntry } from '#preload/contract/job-methods.ts'

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
