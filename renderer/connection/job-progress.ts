/** How far the job at work is: the last word of it, and every word for whoever draws a curve. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { JobProgress } from '#preload/contract/job-methods.ts'
import { useWorkbench } from './workbench.tsx'

/** The last progress that was told of, or null; kept by `createAnswers`. */
export function useLastProgress(): JobProgress | null {
  const { data } = useQuery<JobProgress | null>({
    queryKey: ['job.progress'],
    queryFn: () => null,
    enabled: false
  })
  return data ?? null
}

/** Hears every progress while the component is shown. */
export function useProgressListener(listener: (progress: JobProgress) => void): void {
  const { onProgress } = useWorkbench()
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(() => onProgress((progress) => latest.current(progress)), [onProgress])
}
