/** A search for the best set as a job of the queue: how far it is, and what can be done about it. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { errorFromData } from '#engine/common/contract/errors.ts'
import { durationText } from '#engine/common/format/duration.ts'
import type { JobEntry } from '#preload/contract/job-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { Failure } from '#renderer/components/failure.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { useJobCourse } from '#renderer/queue/job-course.ts'

function stateText({ state, isPaused }: JobEntry, label: string | null, left: number | null): string {
  if (state === 'queued') return isPaused ? 'Paused in the queue.' : 'Waits in the queue …'
  if (state === 'running')
    return `${label ?? 'Beginning'} …${left === null ? '' : ` about ${durationText(left)} left`}`
  return `${state === 'failed' ? 'Failed' : 'Cancelled'}: what was answered is kept.`
}

export function RaceJob({ job }: { job: JobEntry }) {
  const { call } = useWorkbench()
  const { share, left, progress } = useJobCourse(job)
  const act = useMutation({
    mutationFn: (method: 'jobs.cancel' | 'jobs.retry' | 'jobs.remove') => call(method, { id: job.id })
  })
  const button = (label: string, method: 'jobs.cancel' | 'jobs.retry' | 'jobs.remove') => (
    <Button size="compact-xs" variant="default" disabled={act.isPending} onClick={() => act.mutate(method)}>
      {label}
    </Button>
  )
  return (
    <Stack gap={4}>
      <Progress value={share} size="sm" aria-label="Answers so far" />
      <Text size="xs" role="status">
        {stateText(job, progress?.progress.label ?? null, left)}
      </Text>
      {job.error !== null && <ErrorReport error={errorFromData(job.error)} />}
      <Group gap="xs">
        {job.state === 'queued' || job.state === 'running' ? (
          button('Cancel', 'jobs.cancel')
        ) : (
          <>
            {button('Resume', 'jobs.retry')}
            {button('Dismiss', 'jobs.remove')}
          </>
        )}
      </Group>
      <Failure of={act} />
    </Stack>
  )
}
