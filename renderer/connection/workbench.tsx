/** What every screen works with: the calls to the workbench, kept answers, and the host's abilities. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
import type { Caller } from '#engine/common/rpc/caller.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { Host } from '#renderer/host/host.ts'
import { hearCurve } from './live-curves.ts'

export type Workbench = {
  readonly call: Caller<WorkbenchContract>['call']
  readonly host: Host
}

const WorkbenchContext = createContext<Workbench | null>(null)

/** The workbench of the window. Throws outside of its provider. */
export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext)
  if (workbench === null) throw new Error('A part of the page stands outside of the workbench.')
  return workbench
}

/** Answers are asked for again when the workbench tells of a change, never by time. */
export function createAnswers(caller: Caller<WorkbenchContract>): QueryClient {
  const answers = new QueryClient({
    defaultOptions: {
      queries: {
        retry: false,
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        networkMode: 'always'
      },
      mutations: { networkMode: 'always' }
    }
  })
  caller.onEvent('workbench.changed', ({ what }) => {
    void answers.invalidateQueries(what === 'state' ? {} : { queryKey: [what] })
  })
  caller.onEvent('job.progress', (progress) => {
    answers.setQueryData(['job.progress'], progress)
    hearCurve(answers, progress)
  })
  return answers
}

type ProviderProps = { workbench: Workbench; answers: QueryClient; children: ReactNode }

export function WorkbenchProvider({ workbench, answers, children }: ProviderProps) {
  return (
    <QueryClientProvider client={answers}>
      <WorkbenchContext value={workbench}>{children}</WorkbenchContext>
    </QueryClientProvider>
  )
}
