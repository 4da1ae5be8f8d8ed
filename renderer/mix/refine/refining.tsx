/** The refinement that was ordered last in Mix: its curve as it grows, and the run that it becomes. */
import { Anchor, Text } from '@mantine/core'
import { percent } from '#renderer/components/numbers.ts'
import { useLiveCurves } from '#renderer/connection/live-curves.ts'
import { useJobs, useRuns } from '#renderer/connection/queries.ts'
import { TuningCard } from '#renderer/prompts/tuning/tuning-card.tsx'
import { agreement } from '#renderer/prompts/tuning/tuning-curves.tsx'

type Props = { jobId: string; onDismiss: () => void }

export function Refining({ jobId, onDismiss }: Props) {
  const job = useJobs().data?.find(({ id }) => id === jobId)
  const curves = useLiveCurves()
  if (job === undefined) return null
  return (
    <>
      <TuningCard
        job={job}
        curve={curves[jobId]}
        measured={agreement}
        done={() => 'the refined prompt is saved as a run'}
        onDismiss={onDismiss}
      />
      {job.state === 'finished' && <RefinedRun jobId={jobId} />}
    </>
  )
}

/** What the run came to, apart from what is zero-shot. */
function RefinedRun({ jobId }: { jobId: string }) {
  const run = useRuns().data?.find((one) => one.jobId === jobId)
  if (run === undefined) return null
  const { scores, refinement } = run
  return (
    <Text size="sm">
      {scores === null ? '' : `Accuracy ${percent(scores.accuracy)} on ${scores.examples} test examples; `}
      {refinement?.cost}.{' '}
      <Anchor size="sm" href={`#/runs?open=${run.id}`}>
        Open the run
      </Anchor>
    </Text>
  )
}
