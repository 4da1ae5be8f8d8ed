/** Coverage and rank of the anchors at hand against their number, computed when they are looked at. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { AnchorSpan } from '#engine/common/contract/anchors.ts'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { WorkProgress } from '#renderer/components/work-progress.tsx'
import { useModelMarks } from '#renderer/connection/model-marks.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { Chart } from '#renderer/figures/chart.tsx'
import type { orderOf } from './recipe.ts'
import { spanHeight, spanPicture, spanSummary, spanTable } from './span-figure.ts'

type Props = {
  order: ReturnType<typeof orderOf>
  /** How many the set holds. */
  anchors: number
}

export function SpanChart({ order, anchors }: Props) {
  const { call } = useWorkbench()
  const answers = useQueryClient()
  const [progress, setProgress] = useState<Progress | null>(null)
  const queryKey = ['anchors', 'span', order]
  const { data, error, isFetching, refetch } = useQuery({
    queryKey,
    enabled: anchors > 1,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      // Of the computation before.
      setProgress(null)
      return call('anchors.span', order, { signal, onProgress: setProgress })
    }
  })
  if (anchors < 2) return <Text role="status">Rank is of two anchors or more.</Text>
  if (error !== null) return <ErrorReport error={error} />
  return (
    <Stack gap="xs">
      {data !== undefined && <Drawn span={data} />}
      {isFetching && (
        <WorkProgress
          label="Models so far"
          doing="Computing"
          progress={progress}
          onCancel={() => void answers.cancelQueries({ queryKey })}
        />
      )}
      {!isFetching && data === undefined && (
        <Group>
          <Text role="status">Not computed.</Text>
          <Button size="compact-sm" variant="default" onClick={() => void refetch()}>
            Compute coverage and rank
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function Drawn({ span }: { span: AnchorSpan }) {
  const markOf = useModelMarks()
  const picture = useMemo(() => spanPicture(span, markOf), [span, markOf])
  return (
    <Chart
      title="Coverage and rank"
      summary={spanSummary(span)}
      height={spanHeight}
      table={spanTable(span)}
      {...picture}
    />
  )
}
