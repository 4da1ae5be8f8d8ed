/** The steps of a job: which failed and why, and how the others are. */
import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { errorFromData } from '#engine/common/contract/errors.ts'
import { count } from '#engine/common/format/count.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { Answer } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

/** Only the first of many parts: those that failed, then those in their order. */
const shownCells = 100

export function JobSteps({ jobId }: { jobId: string }) {
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
