/** How far a job is and how long it still takes. */
import { useRef } from 'react'
import type { JobEntry, JobProgress } from '#preload/contract/job-methods.ts'
import { useLastProgress } from '#renderer/connection/job-progress.ts'
import { endedCells, type Pace, secondsLeft, shareDone } from './job-estimate.ts'

export type JobCourse = {
  /** In percent; what was cancelled ended, but is not done. */
  readonly share: number
  /** Seconds, or null while that can't be told. */
  readonly left: number | null
  /** Of the cell at work. */
  readonly progress: JobProgress | null
}

export function useJobCourse(job: JobEntry): JobCourse {
  const last = useLastProgress()
  const pace = useRef<Pace | null>(null)
  const progress = last?.jobId === job.id && job.state === 'running' ? last : null
  const inCell =
    progress === null ? 0 : Math.min(1, progress.progress.done / Math.max(1, progress.progress.total))
  const done = endedCells(job)
  const now = Date.now()
  if (job.state === 'running') pace.current ??= { startedAt: now, doneAtStart: done + inCell }
  return {
    share: shareDone(job, inCell),
    left: pace.current === null ? null : secondsLeft(job, inCell, pace.current, now),
    progress
  }
}
