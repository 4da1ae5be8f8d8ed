/** Where a waiting job goes in the queue, as the workbench is asked for it: before which other one. */
import type { JobEntry } from '#preload/contract/job-methods.ts'

export type Move = 'up' | 'down' | 'top' | 'end'

/** The jobs that wait, in the order in which they will be started. */
export function waitingJobs<T extends Pick<JobEntry, 'state' | 'position'>>(jobs: readonly T[]): T[] {
  return jobs.filter(({ state }) => state === 'queued').sort((a, b) => a.position - b.position)
}

/**
 * Which of the waiting jobs it is put before; null: behind all.
 * @param waiting ids in their order
 * @returns undefined where it stands there already, or does not wait
 */
export function placeOfMove(waiting: readonly string[], id: string, move: Move): string | null | undefined {
  const at = waiting.indexOf(id)
  const isThere = move === 'up' || move === 'top' ? at === 0 : at === waiting.length - 1
  if (at < 0 || isThere) return undefined
  switch (move) {
    case 'up':
      return waiting[at - 1]
    case 'top':
      return waiting[0]
    case 'down':
      return waiting[at + 2] ?? null
    case 'end':
      return null
  }
}
