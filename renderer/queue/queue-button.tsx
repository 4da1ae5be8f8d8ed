/** The queue in the status bar: what is at work, how far, how long it still takes. */
import { IconPlayerPlay } from '@tabler/icons-react'
import { durationText } from '#engine/common/format/duration.ts'
import type { JobEntry } from '#preload/contract/job-methods.ts'
import { useJobs } from '#renderer/connection/queries.ts'
import { useEngineGivenUp, useFilesSetAside } from './engine-given-up.tsx'
import { useJobCourse } from './job-course.ts'
import { allCells, endedCells } from './job-estimate.ts'

type Props = { isShown: boolean; onToggle: () => void }

export function QueueButton({ isShown, onToggle }: Props) {
  const jobs = useJobs()
  const running = jobs.data?.find(({ state }) => state === 'running')
  const waiting = jobs.data?.filter(({ state }) => state === 'queued').length ?? 0
  const failed = jobs.data?.filter(({ state }) => state === 'failed').length ?? 0
  const isGivenUp = useEngineGivenUp() !== null
  const isSetAside = useFilesSetAside().length > 0
  const text = isGivenUp
    ? 'engine stopped'
    : isSetAside && running === undefined
      ? 'files set aside'
      : running !== undefined
        ? `${endedCells(running)} / ${allCells(running)}${waiting > 0 ? ` +${waiting}` : ''}`
        : failed > 0
          ? `${failed} failed`
          : 'idle'
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
