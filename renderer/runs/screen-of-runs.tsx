/** The frame of a screen that shows runs: what is made of their list, or how to get some. */
import { Button } from '@mantine/core'
import { type ReactNode, useDeferredValue } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { Answer, EmptyState, Screen } from '#renderer/components/screen.tsx'
import { useRuns } from '#renderer/connection/queries.ts'
import { FigureSetProvider } from '#renderer/figures/figure-set.tsx'

type Props = {
  title: string
  lead: string
  /** What is said where the project has no runs. */
  empty: { title: string; text: string }
  /** Which of the runs the screen is about; all where it is left out. */
  about?: (run: RunEntry) => boolean
  children: (runs: readonly RunEntry[]) => ReactNode
}

export function ScreenOfRuns({ title, lead, empty, about, children }: Props) {
  // What is made of thousands is made between frames, from the first on: nothing is shown until then.
  const runs = useDeferredValue<ReturnType<typeof useRuns> | null>(useRuns(), null)
  return (
    <Screen title={title} lead={lead}>
      {runs !== null && (
        <Answer query={runs}>
          {(list) =>
            (about === undefined ? list.length > 0 : list.some(about)) ? (
              <FigureSetProvider>{children(list)}</FigureSetProvider>
            ) : (
              <EmptyState
                {...empty}
                action={
                  <Button component="a" href="#/mix">
                    Go to Mix
                  </Button>
                }
              />
            )
          }
        </Answer>
      )}
    </Screen>
  )
}
