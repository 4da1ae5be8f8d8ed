/** What the accuracy of a mixture is held against, on the same examples. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { mix } from '#engine/common/mixing/mixing.ts'
import { percent } from '#renderer/components/numbers.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { cornersOf } from './mixture-points.ts'
import type { TaskSample } from './task-sample.ts'
import type { SolvedMixture } from './use-basis.ts'
import { useSampled } from './use-sampled.ts'

/** The best of several sources by itself, the manual template and the target's own prompt, as far as they are known. */
export function useReferences(
  { sides, basis }: SolvedMixture,
  names: readonly string[],
  sample: TaskSample | null
): string[] {
  const { call } = useWorkbench()
  const { targetId } = sides
  const isMixed = sides.sources.length > 1
  const alone = useMemo(
    () => (isMixed ? cornersOf(sides.sources.length).map((weights) => mix(basis, weights).prompt) : []),
    [isMixed, sides, basis]
  )
  const { accuracies } = useSampled(['alone', sides], sides, alone, sample)
  const { data } = useQuery({
    queryKey: ['mix', 'references', targetId, sample],
    enabled: sample !== null,
    queryFn: async ({ signal }) => {
      if (sample === null) return null
      const { taskId, split, limit } = sample
      return await call('mix.references', { targetId, taskId, split, limit }, { signal })
    }
  })
  const singles = accuracies.flatMap((known, index) =>
    known === null ? [] : [{ name: names[index], accuracy: known.accuracy }]
  )
  // The best one is known when all are.
  const best = singles.length === sides.sources.length ? singles : []
  const [single] = best.toSorted((a, b) => b.accuracy - a.accuracy)
  return [
    ...(single === undefined ? [] : [`best single (${single.name}) ${percent(single.accuracy)}`]),
    ...(data?.manual ? [`manual ${percent(data.manual.accuracy)}`] : []),
    ...(data?.own ? [`the target’s own prompt ${percent(data.own.accuracy)}`] : [])
  ]
}
