/** Model by model: how many words each pair shares, and how alike their relative codes and tables are. */
import { Button, Group, SegmentedControl, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import type { Similarity } from '#engine/common/contract/similarity.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { WorkProgress } from '#renderer/components/work-progress.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { Chart } from '#renderer/figures/chart.tsx'
import {
  measures,
  type SimilarityMeasure,
  similarityMeasures,
  similarityPicture,
  similarityTable
} from './similarity-figure.ts'

/** So many models take seconds; of more one may want to filter some first. */
const comparedUnasked = 12

export function ModelSimilarity({ models }: { models: readonly ModelEntry[] }) {
  const { call } = useWorkbench()
  const answers = useQueryClient()
  const [progress, setProgress] = useState<Progress | null>(null)
  // Known by what they are: a model that was hashed or moved is no other one.
  const queryKey = ['similarity', ...models.map(({ report }) => report.fingerprint.table)]
  const { data, error, isFetching, refetch } = useQuery({
    queryKey,
    enabled: models.length > 1 && models.length <= comparedUnasked,
    queryFn: ({ signal }) =>
      call('models.similarity', { ids: models.map(({ id }) => id) }, { signal, onProgress: setProgress })
  })
  if (models.length < 2) return <Text role="status">Similarity is of pairs: show two models or more.</Text>
  if (isFetching)
    return (
      <WorkProgress
        label="Pairs so far"
        doing="Comparing"
        progress={progress}
        onCancel={() => void answers.cancelQueries({ queryKey })}
      />
    )
  if (error !== null) return <ErrorReport error={error} />
  if (data === undefined)
    return (
      <Group>
        <Text role="status">Not compared.</Text>
        <Button size="compact-sm" variant="default" onClick={() => void refetch()}>
          Compare {models.length} models
        </Button>
      </Group>
    )
  return <Matrix similarity={data} />
}

function Matrix({ similarity }: { similarity: Similarity }) {
  const [measure, setMeasure] = useState<SimilarityMeasure>('codes')
  const picture = useMemo(() => similarityPicture(similarity, measure), [similarity, measure])
  const table = useMemo(() => similarityTable(similarity), [similarity])
  return (
    <Chart
      title={`Similarity of models: ${measures[measure].label}`}
      summary={measures[measure].summary}
      height={Math.max(260, 70 + 52 * similarity.models.length)}
      table={table}
      controls={
        <SegmentedControl
          size="xs"
          aria-label="Measure"
          data={similarityMeasures.map((value) => ({ value, label: measures[value].label }))}
          value={measure}
          onChange={(value) => setMeasure(similarityMeasures.find((one) => one === value) ?? 'codes')}
        />
      }
      {...picture}
    />
  )
}
