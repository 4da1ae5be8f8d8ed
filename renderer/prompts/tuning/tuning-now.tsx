/** Tunings at work, with their curves as they grow, and those that ended while the screen was shown. */
import { Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { errorFromData } from '#engine/common/contract/errors.ts'
import type { JobEntry } from '#preload/contract/job-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { Failure } from '#renderer/components/failure.tsx'
import { count } from '#renderer/components/numbers.ts'
import { Answer } from '#renderer/components/screen.tsx'
import { useLastProgress } from '#renderer/connection/job-progress.ts'
import { type LiveCurve, useLiveCurves } from '#renderer/connection/live-curves.ts'
import { useJobs } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { TuningCurves } from './tuning-curves.tsx'

function isAtWork({ state }: JobEntry): boolean {
  return state === 'queued' || state === 'running'
}

export function TuningNow() {
  const jobs = useJobs()
  return (
    <Answer query={jobs}>{(list) => <Cards tunings={list.filter(({ kind }) => kind === 'tuning')} />}</Answer>
  )
}

function Cards({ tunings }: { tunings: readonly JobEntry[] }) {
  const curves = useLiveCurves()
  // What had ended before the screen was shown is the queue's to tell of.
  const [hidden, setHidden] = useState(() => tunings.filter((job) => !isAtWork(job)).map(({ id }) => id))
  return tunings
    .filter(({ id }) => !hidden.includes(id))
    .map((job) => (
      <TuningCard
        key={job.id}
        job={job}
        curve={curves[job.id]}
        onDismiss={() => setHidden([...hidden, job.id])}
      />
    ))
}

type CardProps = { job: JobEntry; curve: LiveCurve | undefined; onDismiss: () => void }

function outcome({ state, cells }: JobEntry): string {
  const total = Object.values(cells).reduce((sum, part) => sum + part, 0)
  switch (state) {
    case 'queued':
      return 'waits in the queue'
    case 'running':
      return `${count(cells.finished)} of ${count(total)} done`
    case 'finished':
      return `done: ${count(total)} ${total === 1 ? 'prompt is' : 'prompts are'} in the table`
    case 'failed':
      return `${count(cells.failed)} of ${count(total)} failed`
    case 'cancelled':
      return `cancelled after ${count(cells.finished)} of ${count(total)}`
  }
}

function TuningCard({ job, curve, onDismiss }: CardProps) {
  const { call } = useWorkbench()
  const last = useLastProgress()
  const cancel = useMutation({ mutationFn: () => call('jobs.cancel', { id: job.id }) })
  const progress = last?.jobId === job.id && isAtWork(job) ? last.progress : null
  return (
    <Card withBorder component="section" aria-label={job.title}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <div>
            <Title order={2} size="h5" className="breakable">
              {job.title}
              {curve === undefined ? '' : `: ${curve.label}`}
            </Title>
            <Text size="sm" className="quiet" role="status">
              {outcome(job)}
            </Text>
          </div>
          {isAtWork(job) ? (
            <Button size="compact-sm" variant="default" onClick={() => cancel.mutate()}>
              Cancel
            </Button>
          ) : (
            <Button size="compact-sm" variant="default" onClick={onDismiss}>
              Dismiss
            </Button>
          )}
        </Group>
        {progress !== null && (
          <Progress
            value={(100 * progress.done) / Math.max(1, progress.total)}
            aria-label={`Step ${progress.done} of ${progress.total}`}
          />
        )}
        {job.error !== null && <ErrorReport error={errorFromData(job.error)} />}
        <Failure of={cancel} />
        {curve !== undefined && (
          <TuningCurves
            title={`Curve of ${curve.label}`}
            loss={curve.loss}
            validations={curve.validations}
            chosenStep={null}
          />
        )}
      </Stack>
    </Card>
  )
}
