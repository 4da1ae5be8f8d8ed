/** Waits for a job of the queue and tells how far it is. */
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Job, Queue } from './queue.ts'

export type FollowControl = {
  /** Aborted: the job is cancelled; what it finished is kept. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** Resolves with the job when it has ended, whichever way. Throws `bad-argument` where it is paused: nobody is there to resume it. */
export async function followJob(
  queue: Queue,
  jobId: string,
  { signal, onProgress }: FollowControl
): Promise<Job> {
  if (await queue.isPaused(jobId)) {
    throw new AnchorageError('bad-argument', 'The queue of the project is paused: the job waits in it.', {
      next: 'Resume it in the window, or run all that waits by `anchorage project resume FILE`.'
    })
  }
  const cancel = (): void => {
    // A failure to cancel shows as the end of the job.
    queue.cancel(jobId).catch(() => {})
  }
  signal.addEventListener('abort', cancel)
  const unsubscribe = queue.onEvent((event) => {
    if (event.kind === 'store-failed')
      onProgress({ done: 0, total: 0, label: `waiting: ${event.error.message}` })
    if (event.kind !== 'progress') return
    const share = event.progress.total === 0 ? 0 : event.progress.done / event.progress.total
    // Work that was left in the project goes first.
    const label = event.jobId === jobId ? event.label : `waiting for earlier work: ${event.label}`
    onProgress({ done: event.cellsDone + share, total: event.cells, label })
  })
  try {
    if (signal.aborted) cancel()
    return await queue.whenEnded(jobId)
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', cancel)
  }
}
