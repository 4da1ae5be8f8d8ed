/** The state and the lists that several screens show; one that is not wanted now is not asked for, nor again when it changes. */
import { useQuery } from '@tanstack/react-query'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { useWorkbench } from './workbench.tsx'

/** What is open, and what the workbench can do. */
export function useWorkbenchState() {
  const { call } = useWorkbench()
  return useQuery({ queryKey: ['state'], queryFn: () => call('workbench.state', {}) })
}

export function useModels(isWanted = true) {
  const { call } = useWorkbench()
  return useQuery({ queryKey: ['models'], queryFn: () => call('models.list', {}), enabled: isWanted })
}

export function usePrompts(isWanted = true) {
  const { call } = useWorkbench()
  return useQuery({
    queryKey: ['prompts', 'list'],
    queryFn: () => call('prompts.list', {}),
    enabled: isWanted
  })
}

export function useAnchorSets() {
  const { call } = useWorkbench()
  return useQuery({ queryKey: ['anchors', 'list'], queryFn: () => call('anchors.list', {}) })
}

/** Of so many runs the page can take in an answer between two frames. */
const runsAtOnce = 250

export function useRuns(isWanted = true) {
  const { call } = useWorkbench()
  return useQuery({
    queryKey: ['runs', 'list'],
    enabled: isWanted,
    queryFn: async () => {
      const runs: RunEntry[] = []
      let part: RunEntry[]
      do {
        part = await call('runs.list', { from: runs.length, limit: runsAtOnce })
        runs.push(...part)
      } while (part.length === runsAtOnce)
      return runs
    }
  })
}

export function useTasks() {
  const { call } = useWorkbench()
  return useQuery({ queryKey: ['tasks', 'list'], queryFn: () => call('tasks.list', {}) })
}

export function useEvaluations() {
  const { call } = useWorkbench()
  return useQuery({ queryKey: ['evaluations', 'list'], queryFn: () => call('evaluations.list', {}) })
}

/** Whether the whole queue is paused; not, until that is known. */
export function useIsQueuePaused(): boolean {
  const { call } = useWorkbench()
  return (
    useQuery({ queryKey: ['jobs', 'queue'], queryFn: () => call('jobs.queue', {}) }).data?.isPaused ?? false
  )
}

export function useJobs() {
  const { call } = useWorkbench()
  return useQuery({ queryKey: ['jobs', 'list'], queryFn: () => call('jobs.list', {}) })
}
