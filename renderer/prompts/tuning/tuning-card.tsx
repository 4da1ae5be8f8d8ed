/** A job that tunes: how far it is, its curves as they grow, and its end. */
import { Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { errorFromData } from '#engine/common/contract/errors.ts'
import { count } from '#engine/common/format/count.ts'
import type { JobEntry } from '#preload/contract/job-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { Failure } from '#renderer/components/failure.tsx'
import { useLastProgress } from '#renderer/connection/job-progress.ts'
import type { LiveCurve } from '#renderer/connection/live-curves.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { TuningCurves, validationAccuracy } from './tuning-curves.tsx'

type Props = {
  job: JobEntry
  curve: LiveCurve | undefined
  measured?: typeof validationAccuracy
  /** What there is now that so many prompts are done. */
  done: (prompts: number) => string
  onDismiss: () => void
}

export function isAtWork({ state }: JobEntry): boolean {
  return state === 'queued' || state === 'running'
}

function outcome({ state, cells }: JobEntry, done: Props['done']): string {
  const total = Object.values(cells).reduce((sum, part) => sum + part, 0)
  switch (state) {
    case 'queued':
      return 'waits in the queue'
    case 'running':
      return `${count(cells.finished)} of ${count(total)} done`
    case 'finished':
      return `done: ${done(total)}`
    case 'failed':
      return `${count(cells.failed)} of ${count(total)} failed`
    case 'cancelled':
      return `cancelled after ${count(cells.finished)} of ${count(total)}`
  }
}

export function TuningCard({ job, curve, measured = validationAccuracy, done, onDismiss }: Props) {
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
              {outcome(job, done)}
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
            measured={measured}
          />
        )}
      </Stack>
    </Card>
  )
}
