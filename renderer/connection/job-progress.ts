/** How far the job at work is. */
import { useQuery } from '@tanstack/react-query'
import type { JobProgress } from '#preload/contract/job-methods.ts'

/** The last progress that was told of, or null; kept by `createAnswers`. */
export function useLastProgress(): JobProgress | null {
  const { data } = useQuery<JobProgress | null>({
    queryKey: ['job.progress'],
    queryFn: () => null,
    enabled: false
  })
  return data ?? null
}
