/** How the runs of a scope did, example by example: asked for relation by relation, and kept while the project is open. */
import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { type Answers, answersOf, groupBy, relationsIn } from './source-sets.ts'

export type AnswersSoFar = {
  /** Null until all are there. */
  readonly answers: Answers | null
  readonly read: number
  readonly total: number
  readonly error: Error | null
}

/** @param runs of any relations, a request for each */
export function useAnswers(runs: readonly RunEntry[]): AnswersSoFar {
  const { call } = useWorkbench()
  const groups = useMemo(() => {
    const byRelation = groupBy(runs, ({ relation }) => relation)
    return relationsIn(runs).map((relation) => byRelation.get(relation)?.map(({ id }) => id) ?? [])
  }, [runs])
  const { data, error } = useQueries({
    queries: groups.map((ids) => ({
      queryKey: ['runs', 'outcomes', ids],
      queryFn: () => call('runs.outcomes', { ids })
    })),
    combine: (results) => ({
      data: results.flatMap(({ data }) => data ?? []),
      error: results.find(({ isError }) => isError)?.error ?? null
    })
  })
  const answers = useMemo(() => (data.length === groups.length ? answersOf(data) : null), [data, groups])
  return { answers, read: data.length, total: groups.length, error }
}
