/** What becomes of a cell that did not finish, and of a job as its cells end: the rules of the queue. */
import type { ErrorData } from '#engine/common/contract/errors.ts'
import type { JobState } from '#store/records/jobs.ts'

/** How often a cell may be started when it takes the engine, or the program, down with it. */
export const attemptsAtMost = 3

/** Why a running cell was stopped from outside, if it was. */
export type StopReason = 'cancelled' | 'closing' | null

export type CellOutcome =
  /** Runs again later; `counted` says whether this attempt counts. */
  | { kind: 'put-back'; counted: boolean }
  | { kind: 'cancelled' }
  | { kind: 'failed'; error: ErrorData }
  /** Nothing of this job can run now; its cells wait for a retry. */
  | { kind: 'engine-gone'; error: ErrorData }

/**
 * The end of a cell that threw `error` in its attempt number `attempt`, from 1. An engine that dies as the program is told
 * to end counts for nothing.
 */
export function outcomeOf(error: ErrorData, attempt: number, stopped: StopReason): CellOutcome {
  if (stopped === 'closing') return { kind: 'put-back', counted: false }
  if (stopped === 'cancelled' || error.code === 'cancelled') return { kind: 'cancelled' }
  if (error.code === 'engine-unavailable') return { kind: 'engine-gone', error }
  if (error.code === 'engine-died' && attempt < attemptsAtMost) return { kind: 'put-back', counted: true }
  return { kind: 'failed', error }
}

/** That end where the job was cancelled while it was decided: nothing of the job comes back. */
export function outcomeWhenCancelled(outcome: CellOutcome): CellOutcome {
  return outcome.kind === 'failed' ? outcome : { kind: 'cancelled' }
}

/** The state of a job by its cells; null while some have not ended. */
export function jobStateOf(cells: Readonly<Record<JobState, number>>): JobState | null {
  if (cells.queued + cells.running > 0) return null
  if (cells.failed > 0) return 'failed'
  return cells.cancelled > 0 ? 'cancelled' : 'finished'
}
