/** How long a job will still take, from how long its finished cells took. */
import type { JobEntry } from '#preload/contract/job-methods.ts'

export type Pace = { readonly startedAt: number; readonly doneAtStart: number }

/** Cells that have ended, whichever way. */
export function endedCells({ cells }: Pick<JobEntry, 'cells'>): number {
  return cells.finished + cells.failed + cells.cancelled
}

export function allCells({ cells }: Pick<JobEntry, 'cells'>): number {
  return endedCells({ cells }) + cells.queued + cells.running
}

/**
 * Milliseconds that the rest takes at the pace since it was watched; null before anything has ended.
 * @param fraction of the running cell that is done
 */
export function remainingMilliseconds(
  job: Pick<JobEntry, 'cells'>,
  fraction: number,
  pace: Pace,
  now: number
): number | null {
  const done = endedCells(job) + fraction - pace.doneAtStart
  if (done <= 0) return null
  const rest = allCells(job) - endedCells(job) - fraction
  return (rest * (now - pace.startedAt)) / done
}

/** `40 s`, `12 min`, `3 h 5 min`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
