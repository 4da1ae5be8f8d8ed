/** The queue, at the bottom of the window: what is at work, what waits and what has ended, and what can be done. */
import { Box, Button, CloseButton, Group, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useLayoutEffect, useRef } from 'react'
import type { JobEntry } from '#preload/contract/job-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { Answer } from '#renderer/components/screen.tsx'
import { useIsQueuePaused, useJobs } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { EngineGivenUp, FilesSetAside } from './engine-given-up.tsx'
import { inQueueOrder } from './job-estimate.ts'
import { waitingJobs } from './job-moves.ts'
import { isOpen, JobRow } from './job-row.tsx'
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
              <JobList jobs={list} />
            )
          }
        </Answer>
      </Box>
    </section>
  )
}

function JobList({ jobs }: { jobs: readonly JobEntry[] }) {
  const { call } = useWorkbench()
  const isQueuePaused = useIsQueuePaused()
  const list = useRef<HTMLDivElement>(null)
  /** What was moved a moment ago from within its row: a row that is put elsewhere loses the focus. */
  const movedId = useRef<string | null>(null)
  const ordered = inQueueOrder(jobs)
  const waiting = waitingJobs(jobs).map(({ id }) => id)
  const move = useMutation({
    mutationFn: (moved: { id: string; before: string | null }) => call('jobs.move', moved)
  })
  const order = ordered.map(({ id }) => id).join()
  const shownOrder = useRef(order)
  useLayoutEffect(() => {
    const isOther = shownOrder.current !== order
    shownOrder.current = order
    if (movedId.current === null || !isOther) return
    list.current?.querySelector<HTMLElement>(`[data-job="${movedId.current}"] button.job-grip`)?.focus()
    movedId.current = null
  }, [order])
  return (
    <div ref={list}>
      {isQueuePaused && <Text size="sm">The queue is paused: nothing is started until it is resumed.</Text>}
      <Failure of={move} />
      {ordered.map((job) => (
        <JobRow
          key={job.id}
          job={job}
          waiting={waiting}
          isQueuePaused={isQueuePaused}
          onMove={(id, before) => {
            movedId.current = id
            move.mutate({ id, before })
          }}
        />
      ))}
    </div>
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
  const isQueuePaused = useIsQueuePaused()
  const pause = useMutation({
    mutationFn: () => call(isQueuePaused ? 'jobs.unpause' : 'jobs.pause', { id: null })
  })
  return (
    <>
      <Group gap="xs">
        {(open.length > 0 || isQueuePaused) && (
          <Button
            size="compact-xs"
            variant={isQueuePaused ? 'filled' : 'default'}
            disabled={pause.isPending}
            title={
              isQueuePaused
                ? 'Goes on with what waits'
                : 'The step at work goes on to its end; no other is started until the queue is resumed, after a restart too'
            }
            onClick={() => pause.mutate()}
          >
            {isQueuePaused ? 'Resume the queue' : 'Pause the queue'}
          </Button>
        )}
        {button('Cancel all', 'jobs.cancel', open)}
        {/* Retried in the order in which they were asked for. */}
        {button('Resume all', 'jobs.retry', unfinished.toReversed())}
        {button('Clear what is finished', 'jobs.remove', finished)}
      </Group>
      <Failure of={[all, pause]} />
    </>
  )
}
