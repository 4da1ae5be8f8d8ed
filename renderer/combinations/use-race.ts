/** A race for the best set: one at a time, going on while other screens are looked at; what it finds is in the project. */
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import type { Race } from '#preload/contract/race-methods.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

export type RaceState = {
  /** What is or was raced last. */
  readonly race: Race
  readonly isRunning: boolean
  readonly progress: Progress | null
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
        error: null,
        cancel: () => controller.abort(),
        ...change
      })
    }
    tell({})
    try {
      await call('sets.race', race, { signal, onProgress: (progress) => tell({ progress }) })
      tell({ isRunning: false })
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error))
      tell({ isRunning: false, error: signal.aborted ? null : failure })
    }
  }
  return { last, start }
}
