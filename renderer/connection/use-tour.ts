/** Where the tour of the sample stands in this window; that it was seen is kept with the person's settings, for all projects. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useWorkbenchState } from './queries.ts'
import { useWorkbench } from './workbench.tsx'

/** What is pointed at: the screen of the sets, then what it says of one; null: nothing. */
export type TourStep = 'sets' | 'set' | null

/** The step, and how to take another; null ends the tour, for good. */
export function useTour(): [TourStep, (step: TourStep) => void] {
  const { call } = useWorkbench()
  const answers = useQueryClient()
  const state = useWorkbenchState().data
  const path = state?.project?.path ?? ''
  // A tour that was left with its project does not go on in another.
  const { data: taken } = useQuery<TourStep>({
    queryKey: ['tour', path],
    queryFn: () => null,
    enabled: false
  })
  const begins = state?.tour === true ? 'sets' : null
  const take = useCallback(
    (step: TourStep): void => {
      answers.setQueryData<TourStep>(['tour', path], step)
      if (step === null) void call('tour.end', {})
    },
    [answers, call, path]
  )
  return [taken === undefined ? begins : taken, take]
}
