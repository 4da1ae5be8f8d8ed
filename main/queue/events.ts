/** What the queue tells while it works. */
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import type { AnchorageError, ErrorData } from '#engine/common/contract/errors.ts'
import type { JobState } from '#store/records/jobs.ts'

/** How far a job is. */
export type JobProgress = {
  cellsDone: number
  cells: number
  /** The cell at work, for a person. */
  label: string
  /** Of that cell. */
  progress: Progress
}

export type QueueEvent =
  /** It waits: since it is new, is to run again, or was paused and its cell has ended. */
  | { kind: 'queued'; jobId: string }
  | { kind: 'started'; jobId: string }
  | ({ kind: 'progress'; jobId: string } & JobProgress)
  /** One cell has ended or waits again; with an error where it did not finish. */
  | { kind: 'cell'; jobId: string; cellId: string; label: string; state: JobState; error: ErrorData | null }
  | { kind: 'finished' | 'failed' | 'cancelled'; jobId: string }
  /** The store failed; the queue tries again by itself, and takes no jobs until it can. */
  | { kind: 'store-failed'; error: AnchorageError }
  | { kind: 'store-works' }
  /** The queue does nothing any more: the project was closed. */
  | { kind: 'stopped'; error: AnchorageError }
