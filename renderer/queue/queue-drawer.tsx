/** The queue: what is at work, what waits and what has ended, with progress, time left, and what can be done. */
import { Badge, Button, Card, Drawer, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { errorFromData } from '#engine/common/contract/errors.ts'
import type { JobEntry } from '#preload/contract/job-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { count } from '#renderer/components/numbers.ts'
import { Answer } from '#renderer/components/screen.tsx'
import { useLastProgress } from '#renderer/connection/job-progress.ts'
import { useJobs } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { EngineGivenUp, FilesSetAside, useEngineGivenUp, useFilesSetAside } from './engine-given-up.tsx'
import { allCells, durationText, endedCells, type Pace, remainingMilliseconds } from './job-estimate.ts'

type Props = { opened: boolean; onClose: () => void }

export function QueueDrawer({ opened, onClose }: Props) {
  const jobs = useJobs()
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={460} title="Queue">
      <Stack mb="md">
        <EngineGivenUp />
        <FilesSetAside />
      </Stack>
      <Answer query={jobs}>
        {(list) =>
          list.length === 0 ? (
            <Text className="quiet">
              Nothing was queued yet. Transfers, evaluations and tunings appear here while they are computed.
            </Text>
          ) : (
            <Stack>
              <QueueActions jobs={list} />
              {inQueueOrder(list).map((job) => (
                <JobCard key={job.id} job={job} />
              ))}
            </Stack>
          )
        }
      </Answer>
    </Drawer>
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
        size="compact-sm"
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
      {all.isError && <ErrorReport error={all.error} />}
    </>
  )
}

/** What is at work first, then what waits in its turn, then what has ended, the last first. */
function inQueueOrder(newestFirst: readonly JobEntry[]): JobEntry[] {
  const of = (...states: readonly JobEntry['state'][]): JobEntry[] =>
    newestFirst.filter(({ state }) => states.includes(state))
  return [...of('running'), ...of('queued').toReversed(), ...of('finished', 'failed', 'cancelled')]
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

function JobCard({ job }: { job: JobEntry }) {
  const { call } = useWorkbench()
  const [showsLog, setShowsLog] = useState(false)
  const cancel = useMutation({ mutationFn: () => call('jobs.cancel', { id: job.id }) })
  const retry = useMutation({ mutationFn: () => call('jobs.retry', { id: job.id }) })
  const remove = useMutation({ mutationFn: () => call('jobs.remove', { id: job.id }) })
  const failed = cancel.error ?? retry.error ?? remove.error
  return (
    <Card withBorder padding="sm" component="article" aria-label={job.title}>
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Text fw={600} className="breakable">
            {job.title}
          </Text>
          <Badge color={stateColours[job.state]} variant="dot" miw="fit-content">
            {job.state}
          </Badge>
        </Group>
        <JobMeter job={job} />
        {job.error !== null && <ErrorReport error={errorFromData(job.error)} />}
        {failed !== null && <ErrorReport error={failed} />}
        <Group gap="xs">
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
          {(job.state === 'failed' || job.state === 'cancelled') && (
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
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => setShowsLog(!showsLog)}
            aria-expanded={showsLog}
          >
            {showsLog ? 'Hide steps' : 'Show steps'}
          </Button>
        </Group>
        {showsLog && <CellLog jobId={job.id} />}
      </Stack>
    </Card>
  )
}

function JobMeter({ job }: { job: JobEntry }) {
  const last = useLastProgress()
  const pace = useRef<Pace | null>(null)
  const progress = last?.jobId === job.id && job.state === 'running' ? last : null
  const inCell =
    progress === null ? 0 : Math.min(1, progress.progress.done / Math.max(1, progress.progress.total))
  const [done, all] = [endedCells(job), allCells(job)]
  const now = Date.now()
  if (job.state === 'running') pace.current ??= { startedAt: now, doneAtStart: done + inCell }
  const left = pace.current === null ? null : remainingMilliseconds(job, inCell, pace.current, now)
  // What was cancelled ended, but is not done.
  const share = (100 * (done - job.cells.cancelled + inCell)) / Math.max(1, all)
  return (
    <>
      <Progress value={job.state === 'finished' ? 100 : share} aria-label={`Progress of ${job.title}`} />
      <Text size="sm" className="quiet">
        {count(done - job.cells.cancelled)} of {count(all)} steps
        {job.cells.cancelled > 0 && `, ${count(job.cells.cancelled)} cancelled`}
        {job.cells.failed > 0 && `, ${count(job.cells.failed)} failed`}
        {job.state === 'running' && left !== null && `, about ${durationText(left)} left`}
        {progress !== null && ` · ${progress.label}: ${progress.progress.label}`}
      </Text>
    </>
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

/** The button that opens the queue, with what is at work. */
export function QueueButton({ onOpen }: { onOpen: () => void }) {
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
    <Button size="compact-sm" variant={running === undefined ? 'default' : 'light'} onClick={onOpen}>
      Queue: {text}
    </Button>
  )
}
