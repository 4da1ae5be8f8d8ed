/** The queue in the status bar: what is at work, how far, how long it still takes. */
import { IconPlayerPlay } from '@tabler/icons-react'
import { durationText } from '#engine/common/format/duration.ts'
import type { JobEntry } from '#preload/contract/job-methods.ts'
import { useIsQueuePaused, useJobs } from '#renderer/connection/queries.ts'
import { useEngineGivenUp, useFilesSetAside } from './engine-given-up.tsx'
import { useJobCourse } from './job-course.ts'
import { allCells, endedCells } from './job-estimate.ts'

type Props = { isShown: boolean; onToggle: () => void }

export function QueueButton({ isShown, onToggle }: Props) {
  const jobs = useJobs()
  const running = jobs.data?.find(({ state }) => state === 'running')
  const isPaused = useIsQueuePaused()
  const isGivenUp = useEngineGivenUp() !== null
  const isSetAside = useFilesSetAside().length > 0
  const text = isGivenUp
    ? 'engine stopped'
    : isSetAside && running === undefined
      ? 'files set aside'
      : queueText(jobs.data ?? [], running, isPaused)
  return (
    <button
      type="button"
      className="status-item"
      aria-expanded={isShown}
      aria-label={`Queue: ${text}`}
      onClick={onToggle}
    >
      <IconPlayerPlay size={14} stroke={1.5} aria-hidden />
      <span>Queue: {text}</span>
      {running !== undefined && !isGivenUp && <Course job={running} />}
    </button>
  )
}

/** What is done of the job at work and how many wait; else why nothing is at work. */
function queueText(jobs: readonly JobEntry[], running: JobEntry | undefined, isPaused: boolean): string {
  const waiting = jobs.filter(({ state }) => state === 'queued').length
  const failed = jobs.filter(({ state }) => state === 'failed').length
  if (running !== undefined) {
    const more = waiting > 0 ? ` +${waiting}` : ''
    return `${endedCells(running)} / ${allCells(running)}${more}${isPaused ? ', pausing' : ''}`
  }
  if (isPaused) return waiting > 0 ? `paused, ${waiting} waiting` : 'paused'
  if (waiting > 0) return `${waiting} waiting`
  return failed > 0 ? `${failed} failed` : 'idle'
}

function Course({ job }: { job: JobEntry }) {
  const { share, left } = useJobCourse(job)
  return (
    <>
      <progress className="status-progress" max={100} value={share} aria-label={`Progress of ${job.title}`} />
      {/* Of the name of the button, which is its label, it is no part. */}
      {left !== null && (
        <span className="quiet" aria-hidden>
          {durationText(left)} left
        </span>
      )}
    </>
  )
}
