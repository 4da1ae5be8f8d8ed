/** One job of the queue: how far it is, what can be done about it, and where it stands among those that wait. */
import { ActionIcon, Badge, Button, Menu, Progress, Text } from '@mantine/core'
import { IconGripVertical } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type DragEvent, type KeyboardEvent, useState } from 'react'
import { errorFromData } from '#engine/common/contract/errors.ts'
import { count } from '#engine/common/format/count.ts'
import { durationText } from '#engine/common/format/duration.ts'
import type { JobEntry } from '#preload/contract/job-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { Failure } from '#renderer/components/failure.tsx'
import { goTo } from '#renderer/connection/address.ts'
import { useView } from '#renderer/connection/view.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { jobName } from '#renderer/runs/run-fields.ts'
import { runsViewSchema } from '#renderer/runs/runs-view.ts'
import { useJobCourse } from './job-course.ts'
import { allCells, endedCells } from './job-estimate.ts'
import { type Move, placeOfMove } from './job-moves.ts'
import { JobSteps } from './job-steps.tsx'

export function isOpen({ state }: Pick<JobEntry, 'state'>): boolean {
  return state === 'queued' || state === 'running'
}

const stateColours = {
  queued: 'gray',
  running: 'cyan',
  finished: 'green',
  failed: 'red',
  cancelled: 'yellow',
  paused: 'yellow',
  pausing: 'yellow'
} as const

function shownState({ state, isPaused }: JobEntry, isQueuePaused: boolean): keyof typeof stateColours {
  if (state === 'queued' && isPaused) return 'paused'
  if (state === 'running' && (isPaused || isQueuePaused)) return 'pausing'
  return state
}

/** What is dragged is a job, and nothing that another page would take. */
const jobData = 'application/x-anchorage-job'

type Props = {
  job: JobEntry
  /** Those that wait, by their ids, in their order. */
  waiting: readonly string[]
  isQueuePaused: boolean
  /** Puts a waiting job before another one, or behind all. */
  onMove: (id: string, before: string | null) => void
}

export function JobRow({ job, waiting, isQueuePaused, onMove }: Props) {
  const { call } = useWorkbench()
  const [showsLog, setShowsLog] = useState(false)
  const [drop, setDrop] = useState<'before' | 'behind' | null>(null)
  const { share, left, progress } = useJobCourse(job)
  const act = useMutation({
    mutationFn: (method: 'jobs.cancel' | 'jobs.retry' | 'jobs.remove' | 'jobs.pause' | 'jobs.unpause') =>
      call(method, { id: job.id })
  })
  const [, setRuns] = useView('runs', runsViewSchema)
  const { cells, state, title, id } = job
  const shown = shownState(job, isQueuePaused)
  const place = waiting.indexOf(id)
  const showRuns = (): void => {
    setRuns({ filter: `job="${jobName(id)}"` })
    goTo('/runs')
  }
  const move = (to: Move): void => {
    const before = placeOfMove(waiting, id, to)
    if (before !== undefined) onMove(id, before)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = event.key === 'ArrowUp' ? 'up' : event.key === 'ArrowDown' ? 'down' : null
    if (!event.altKey || to === null || place < 0) return
    event.preventDefault()
    move(to)
  }
  const onDragOver = (event: DragEvent): void => {
    if (place < 0 || !event.dataTransfer.types.includes(jobData)) return
    event.preventDefault()
    const { top, height } = event.currentTarget.getBoundingClientRect()
    setDrop(event.clientY < top + height / 2 ? 'before' : 'behind')
  }
  const onDrop = (event: DragEvent): void => {
    const dragged = event.dataTransfer.getData(jobData)
    setDrop(null)
    const others = waiting.filter((other) => other !== dragged)
    const before = drop === 'before' ? id : (others[others.indexOf(id) + 1] ?? null)
    if (dragged !== id) onMove(dragged, before)
  }
  const action = (
    label: string,
    method: NonNullable<typeof act.variables>,
    { hint, isQuiet = false }: { hint?: string; isQuiet?: boolean } = {}
  ) => (
    <Button
      size="compact-xs"
      variant={isQuiet ? 'subtle' : 'default'}
      title={hint}
      disabled={act.isPending}
      onClick={() => act.mutate(method)}
    >
      {label}
    </Button>
  )
  return (
    <article
      className="job"
      aria-label={title}
      data-job={id}
      data-drop={drop ?? undefined}
      onKeyDown={onKeyDown}
      onDragOver={onDragOver}
      onDragLeave={() => setDrop(null)}
      onDrop={onDrop}
    >
      <div className="job-line">
        {place < 0 ? (
          <span className="job-grip" />
        ) : (
          <Menu position="bottom-start">
            <Menu.Target>
              <ActionIcon
                className="job-grip"
                variant="subtle"
                color="gray"
                size={18}
                aria-label={`Place ${place + 1} of ${waiting.length} that wait: move ${title}`}
                title="Drag to another place, or Alt and ↑ ↓"
                draggable
                onDragStart={(event) => event.dataTransfer.setData(jobData, id)}
              >
                <IconGripVertical size={14} stroke={1.5} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item disabled={place === 0} onClick={() => move('top')}>
                Move to the top
              </Menu.Item>
              <Menu.Item disabled={place === 0} rightSection="Alt ↑" onClick={() => move('up')}>
                Move up
              </Menu.Item>
              <Menu.Item
                disabled={place === waiting.length - 1}
                rightSection="Alt ↓"
                onClick={() => move('down')}
              >
                Move down
              </Menu.Item>
              <Menu.Item disabled={place === waiting.length - 1} onClick={() => move('end')}>
                Move to the end
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
        <Badge size="sm" color={stateColours[shown]} variant="dot" w={92} flex="none" tt="none">
          {shown}
        </Badge>
        <Text className="job-title" size="sm" truncate title={title}>
          {title}
        </Text>
        <Progress value={share} aria-label={`Progress of ${title}`} className="job-bar" />
        <Text size="sm" className="quiet" truncate>
          {count(endedCells(job) - cells.cancelled)} of {count(allCells(job))} steps
          {cells.cancelled > 0 && `, ${count(cells.cancelled)} cancelled`}
          {cells.failed > 0 && `, ${count(cells.failed)} failed`}
          {state === 'running' && left !== null && `, about ${durationText(left)} left`}
          {progress !== null && ` · ${progress.label}: ${progress.progress.label}`}
        </Text>
        <div className="screen-actions">
          {isOpen(job) &&
            (job.isPaused
              ? action('Resume', 'jobs.unpause', { hint: 'Goes on from the last step that ended' })
              : action('Pause', 'jobs.pause', {
                  hint: 'The step at work goes on to its end; no other is started until it is resumed'
                }))}
          {isOpen(job) && action('Cancel', 'jobs.cancel')}
          {(state === 'failed' || state === 'cancelled') && action('Resume', 'jobs.retry')}
          {!isOpen(job) && action('Dismiss', 'jobs.remove', { isQuiet: true })}
          {cells.finished > 0 && (
            <Button size="compact-xs" variant="subtle" onClick={showRuns}>
              Show runs
            </Button>
          )}
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => setShowsLog(!showsLog)}
            aria-expanded={showsLog}
          >
            {showsLog ? 'Hide steps' : 'Show steps'}
          </Button>
        </div>
      </div>
      {job.error !== null && <ErrorReport error={errorFromData(job.error)} />}
      <Failure of={act} />
      {showsLog && <JobSteps jobId={id} />}
    </article>
  )
}
