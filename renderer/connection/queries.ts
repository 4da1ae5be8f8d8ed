/** The state and the lists that several screens show; one that is not wanted now is not asked for, nor again when it changes. */
import { useQuery } from '@tanstack/react-query'
import type { Part } from '#preload/contract/common.ts'
import { useWorkbench } from './workbench.tsx'

/** So many runs or prompts of an answer the page can take in between two frames. */
const partAtMost = 250
/** The first part is small and each further one twice as large: code that has hardly run yet is ten times as slow. */
const partAtFirst = 16

/** A long list, asked for in parts that the page takes in between frames. */
async function readInParts<T>(readPart: (part: Required<Part>) => Promise<readonly T[]>): Promise<T[]> {
  const list: T[] = []
  const reading = Math.random().toString(36).slice(2)
  for (let limit = partAtFirst; ; limit = Math.min(2 * limit, partAtMost)) {
    const part = await readPart({ reading, from: list.length, limit })
    list.push(...part)
    if (part.length < limit) return list
  }
}

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
    queryFn: () => readInParts((part) => call('prompts.list', part)),
    enabled: isWanted
  })
}

export function useAnchorSets() {
  const { call } = useWorkbench()
  return useQuery({ queryKey: ['anchors', 'list'], queryFn: () => call('anchors.list', {}) })
}

export function useRuns(isWanted = true) {
  const { call } = useWorkbench()
  return useQuery({
    queryKey: ['runs', 'list'],
    enabled: isWanted,
    queryFn: () => readInParts((part) => call('runs.list', part))
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
