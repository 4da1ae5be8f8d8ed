/** The queue, at the bottom of the window: what is at work, what waits and what has ended, and what can be done. */
import { Badge, Box, Button, CloseButton, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { errorFromData } from '#engine/common/contract/errors.ts'
import { durationText } from '#engine/common/format/duration.ts'
import type { JobEntry } from '#preload/contract/job-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { Failure } from '#renderer/components/failure.tsx'
import { count } from '#renderer/components/numbers.ts'
import { Answer } from '#renderer/components/screen.tsx'
import { goTo } from '#renderer/connection/address.ts'
import { useJobs } from '#renderer/connection/queries.ts'
import { useView } from '#renderer/connection/view.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { jobName } from '#renderer/runs/run-fields.ts'
import { runsViewSchema } from '#renderer/runs/runs-view.ts'
import { EngineGivenUp, FilesSetAside } from './engine-given-up.tsx'
import { useJobCourse } from './job-course.ts'
import { allCells, endedCells, inQueueOrder } from './job-estimate.ts'
import './queue-panel.css'

export function QueuePanel({ onClose }: { onClose: () => void }) {
  const jobs = useJobs()
  return (
    <section className="queue" aria-label="Queue" data-part tabIndex={-1}>
      <header className="panel-head">
        <Title order={2} size="h5">
          Queue
        </Title>
        <div className="screen-actions">
          {jobs.data !== undefined && <QueueActions jobs={jobs.data} />}
          <CloseButton size="sm" aria-label="Hide the queue" onClick={onClose} />
        </div>
      </header>
      <Box className="queue-body" tabIndex={0} role="group" aria-label="Jobs">
        <EngineGivenUp />
        <FilesSetAside />
        <Answer query={jobs}>
          {(list) =>
            list.length === 0 ? (
              <Text className="quiet">
                Nothing was queued yet. Transfers, evaluations and tunings appear here while they are
                computed.
              </Text>
            ) : (
              inQueueOrder(list).map((job) => <JobRow key={job.id} job={job} />)
            )
          }
        </Answer>
      </Box>
    </section>
  )
}

/** What can be done about all jobs at once. */
function QueueActions({ jobs }: { jobs: readonly JobEntry[] }) {
  const { call } = useWorkbench()
  const open = jobs.filter(isOpen)
  const unfinished = jobs.filter(({ state }) => state === 'failed' || state === 'cancelled')
  const finished = jobs.filter(({ state }) => state === 'finished')
  const all = useMutation({
    mutationFn: async ({
      method,
      ids
    }: {
      method: 'jobs.cancel' | 'jobs.retry' | 'jobs.remove'
      ids: string[]
    }) => {
      for (const id of ids) await call(method, { id })
    }
  })
  const button = (
    label: string,
    method: 'jobs.cancel' | 'jobs.retry' | 'jobs.remove',
    of: readonly JobEntry[]
  ) =>
    of.length > 0 && (
      <Button
        size="compact-xs"
        variant="default"
        disabled={all.isPending}
        onClick={() => all.mutate({ method, ids: of.map(({ id }) => id) })}
      >
        {label} ({of.length})
      </Button>
    )
  return (
    <>
      <Group gap="xs">
        {button('Cancel all', 'jobs.cancel', open)}
        {/* Retried in the order in which they were asked for. */}
        {button('Resume all', 'jobs.retry', unfinished.toReversed())}
        {button('Clear what is finished', 'jobs.remove', finished)}
      </Group>
      <Failure of={all} />
    </>
  )
}

function isOpen({ state }: JobEntry): boolean {
  return state === 'queued' || state === 'running'
}

const stateColours = {
  queued: 'gray',
  running: 'cyan',
  finished: 'green',
  failed: 'red',
  cancelled: 'yellow'
} as const

function JobRow({ job }: { job: JobEntry }) {
  const { call } = useWorkbench()
  const [showsLog, setShowsLog] = useState(false)
  const { share, left, progress } = useJobCourse(job)
  const cancel = useMutation({ mutationFn: () => call('jobs.cancel', { id: job.id }) })
  const retry = useMutation({ mutationFn: () => call('jobs.retry', { id: job.id }) })
  const remove = useMutation({ mutationFn: () => call('jobs.remove', { id: job.id }) })
  const [, setRuns] = useView('runs', runsViewSchema)
  const { cells, state, title } = job
  const showRuns = (): void => {
    setRuns({ filter: `job="${jobName(job.id)}"` })
    goTo('/runs')
  }
  const canResume = state === 'failed' || state === 'cancelled'
  return (
    <article className="job" aria-label={title}>
      <div className="job-line">
        <Badge size="sm" color={stateColours[state]} variant="dot" w={92} flex="none" tt="none">
          {state}
        </Badge>
        <Text size="sm" truncate title={title} flex="1 1 30%">
          {title}
        </Text>
        <Progress value={share} aria-label={`Progress of ${title}`} w={120} flex="none" />
        <Text size="sm" className="quiet" truncate flex="1 1 30%">
          {count(endedCells(job) - cells.cancelled)} of {count(allCells(job))} steps
          {cells.cancelled > 0 && `, ${count(cells.cancelled)} cancelled`}
          {cells.failed > 0 && `, ${count(cells.failed)} failed`}
          {state === 'running' && left !== null && `, about ${durationText(left)} left`}
          {progress !== null && ` · ${progress.label}: ${progress.progress.label}`}
        </Text>
        <div className="screen-actions">
          {isOpen(job) && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => cancel.mutate()}
              loading={cancel.isPending}
            >
              Cancel
            </Button>
          )}
          {canResume && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => retry.mutate()}
              loading={retry.isPending}
            >
              Resume
            </Button>
          )}
          {!isOpen(job) && (
            <Button size="compact-xs" variant="subtle" onClick={() => remove.mutate()}>
              Dismiss
            </Button>
          )}
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
      <Failure of={[cancel, retry, remove]} />
      {showsLog && <CellLog jobId={job.id} />}
    </article>
  )
}

/** Only the first of many parts: those that failed, then those in their order. */
const shownCells = 100

function CellLog({ jobId }: { jobId: string }) {
  const { call } = useWorkbench()
  const cells = useQuery({
    queryKey: ['jobs', 'cells', jobId],
    queryFn: () => call('jobs.cells', { id: jobId })
  })
  return (
    <Answer query={cells}>
      {(list) => {
        const failed = list.filter(({ error }) => error !== null)
        const others = list.filter(({ error }) => error === null)
        const shown = [...failed, ...others].slice(0, shownCells)
        return (
          <Stack gap={4}>
            {shown.map(({ id, label, state, attempts, error }) => (
              <div key={id}>
                <Text size="sm">
                  {label}: {state}
                  {attempts > 1 && `, ${attempts} attempts`}
                </Text>
                {error !== null && <ErrorReport error={errorFromData(error)} />}
              </div>
            ))}
            {list.length > shown.length && (
              <Text size="sm" className="quiet">
                and {count(list.length - shown.length)} more
              </Text>
            )}
          </Stack>
        )
      }}
    </Answer>
  )
}
