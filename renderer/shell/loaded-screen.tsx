/**
 * A screen, loaded when it is first shown. Not by React's `lazy`: what stands in its place meanwhile would stay for 300 ms
 * at least, however soon the screen is there.
 */
import { useEffect, useReducer, useState } from 'react'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { ScreenSkeleton } from '#renderer/components/screen.tsx'
import type { ScreenEntry } from './screens.ts'

export function LoadedScreen({ entry }: { entry: ScreenEntry }) {
  const [, draw] = useReducer((drawings: number) => drawings + 1, 0)
  const [failure, setFailure] = useState<Error | null>(null)
  useEffect(() => {
    if (entry.screen() === null)
      entry
        .load()
        .then(draw, (error) => setFailure(error instanceof Error ? error : new Error(String(error))))
  }, [entry])
  const Screen = entry.screen()
  if (failure !== null) return <ErrorReport error={failure} />
  return Screen === null ? <ScreenSkeleton /> : <Screen />
}
