/** How well prompts do on a sample of a task, a few at a time: what is known is shown while the rest is asked. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Scores } from '#engine/common/contract/evaluation.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { MixSides } from './mix-choice.ts'
import type { Accuracy } from './mixture-points.ts'
import type { TaskSample } from './task-sample.ts'

/** Prompts per question: fewer would show more often, more would be faster. */
const atOnce = 6

export type Sampled = {
  /** Per prompt, null while it is not known. */
  readonly accuracies: readonly (Accuracy | null)[]
  readonly isAsking: boolean
  readonly error: Error | null
}

export function accuracyOf({ accuracy, accuracyInterval, examples }: Scores): Accuracy {
  return { accuracy, ...accuracyInterval, examples }
}

/**
 * Asks in the order of `prompts`; given up when nobody looks any more.
 * @param key what names the prompts, with the sides and the sample
 */
export function useSampled(
  key: readonly unknown[],
  { sources, targetId }: Pick<MixSides, 'sources' | 'targetId'>,
  prompts: readonly Matrix[],
  sample: TaskSample | null
): Sampled {
  const { call } = useWorkbench()
  const asked = useQuery<Accuracy[]>({
    queryKey: ['mix', 'sampled', ...key, sample],
    enabled: sample !== null && prompts.length > 0,
    // Given up half way it is not whole, and goes on when it is looked at again.
    staleTime: ({ state }) => (state.data?.length === prompts.length ? Number.POSITIVE_INFINITY : 0),
    queryFn: async ({ signal, client, queryKey }) => {
      if (sample === null) return []
      const { taskId, split, limit } = sample
      const promptIds = sources.map(({ promptId }) => promptId)
      const known = [...(client.getQueryData<Accuracy[]>(queryKey) ?? [])]
      while (known.length < prompts.length) {
        const next = prompts.slice(known.length, known.length + atOnce)
        const order = { targetId, promptIds, prompts: [...next], taskId, split, limit }
        const scores = await call('mix.sample', order, { signal })
        known.push(...scores.map(accuracyOf))
        client.setQueryData(queryKey, [...known])
      }
      return known
    }
  })
  const { data, isFetching, error } = asked
  const accuracies = useMemo(() => prompts.map((_, index) => data?.[index] ?? null), [prompts, data])
  return { accuracies, isAsking: isFetching, error }
}
