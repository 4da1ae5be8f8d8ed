/** A race for the best set: one at a time, going on while other screens are looked at. */
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import type { Race, RaceResult } from '#preload/contract/race-methods.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

export type RaceState = {
  /** What is or was raced last. */
  readonly race: Race
  readonly isRunning: boolean
  readonly progress: Progress | null
  /** Null until there is one, and where it was cancelled. */
  readonly result: RaceResult | null
  readonly error: Error | null
  readonly cancel: () => void
}

const raceKey = ['race']

/** The last race, and how to start the next. */
export function useRace(): { last: RaceState | null; start: (race: Race) => Promise<void> } {
  const { call } = useWorkbench()
  const answers = useQueryClient()
  const { data: last = null } = useQuery<RaceState>({
    queryKey: raceKey,
    queryFn: skipToken,
    gcTime: Number.POSITIVE_INFINITY
  })
  const start = async (race: Race): Promise<void> => {
    const controller = new AbortController()
    const { signal } = controller
    const tell = (change: Partial<RaceState>): void => {
      answers.setQueryData<RaceState>(raceKey, {
        race,
        isRunning: true,
        progress: null,
        result: null,
        error: null,
        cancel: () => controller.abort(),
        ...change
      })
    }
    tell({})
    try {
      const result = await call('sets.race', race, { signal, onProgress: (progress) => tell({ progress }) })
      tell({ isRunning: false, result })
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error))
      tell({ isRunning: false, error: signal.aborted ? null : failure })
    }
  }
  return { last, start }
}
