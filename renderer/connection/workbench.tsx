/** What every screen works with: the calls to the workbench, kept answers, and the host's abilities. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
import type { Caller } from '#engine/common/rpc/caller.ts'
import type { PayloadOf } from '#engine/common/rpc/method-map.ts'
import type { JobProgress } from '#preload/contract/job-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { Host } from '#renderer/host/host.ts'
import { hearCurves } from './live-curves.ts'

type Change = PayloadOf<WorkbenchContract, 'workbench.changed'>['what']

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

/** Between two drawings of progress. */
const pauseMilliseconds = 150

/**
 * Asks again for what has changed. A list that is being read in parts is read to its end first, and then once more: one that
 * changes all the time would never be there otherwise.
 */
async function askAgain(answers: QueryClient, what: Change): Promise<void> {
  const filters = what === 'state' ? {} : { queryKey: [what] }
  const isRead = answers.isFetching(filters) > 0
  if (what !== 'state' && isRead) await answers.invalidateQueries(filters, { cancelRefetch: false })
  await answers.invalidateQueries(filters, { cancelRefetch: what === 'state' })
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
  caller.onEvent('workbench.changed', ({ what }) => void askAgain(answers, what))
  // Drawn together: a page that draws each word of progress is behind for good once drawing takes longer than telling.
  let told: JobProgress[] = []
  caller.onEvent('job.progress', (progress) => {
    if (told.push(progress) > 1) return
    setTimeout(() => {
      answers.setQueryData(['job.progress'], told.at(-1))
      hearCurves(answers, told)
      told = []
    }, pauseMilliseconds)
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
