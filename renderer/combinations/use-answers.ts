/** How the runs of a scope did, example by example: asked for relation by relation, and kept while the project is open. */
import { type UseQueryResult, useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Outcomes, RunEntry } from '#preload/contract/run-methods.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { type Answers, answersOf, groupBy, relationsIn } from './source-sets.ts'

export type AnswersSoFar = {
  /** Null until all are there. */
  readonly answers: Answers | null
  readonly read: number
  readonly total: number
  readonly error: Error | null
}

/**
 * A short name of a list of ids, the same for the same list: the key of a query is written out with every drawing, and 255 ids
 * for each of 41 relations are a megabyte.
 */
const names = new Map<string, number>()
function nameOf(ids: readonly string[]): number {
  const text = ids.join(' ')
  const name = names.get(text) ?? names.size
  names.set(text, name)
  return name
}

/** What was answered, together: a map is not compared value by value with the one of the drawing before, as lists would be. */
function together(results: readonly UseQueryResult<Outcomes>[]) {
  const found = results.flatMap(({ data }) => data ?? [])
  return {
    answers: found.length === results.length ? answersOf(found) : null,
    read: found.length,
    error: results.find(({ isError }) => isError)?.error ?? null
  }
}

/** @param runs of any relations, a request for each */
export function useAnswers(runs: readonly RunEntry[]): AnswersSoFar {
  const { call } = useWorkbench()
  const queries = useMemo(() => {
    const byRelation = groupBy(runs, ({ relation }) => relation)
    return relationsIn(runs).map((relation) => {
      const ids = byRelation.get(relation)?.map(({ id }) => id) ?? []
      return { queryKey: ['runs', 'outcomes', nameOf(ids)], queryFn: () => call('runs.outcomes', { ids }) }
    })
  }, [runs, call])
  return { ...useQueries({ queries, combine: together }), total: queries.length }
}
