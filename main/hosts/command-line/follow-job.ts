/** Waits for a job of a project on the terminal. */
import type { Project } from '../../workbench/project.ts'
import type { CommandSession } from './session.ts'

/** Waits for a job, showing its progress; Ctrl-C cancels it and keeps what it finished. */
export async function followJob(project: Project, jobId: string, { signal, progress }: CommandSession) {
  const cancel = (): void => {
    // A failure to cancel shows as the end of the job.
    project.queue.cancel(jobId).catch(() => {})
  }
  signal.addEventListener('abort', cancel)
  const unsubscribe = project.queue.onEvent((event) => {
    if (event.kind !== 'progress') return
    const share = event.progress.total === 0 ? 0 : event.progress.done / event.progress.total
    // Work that was left in the project goes first.
    const label = event.jobId === jobId ? event.label : `waiting for earlier work: ${event.label}`
    progress.show({ done: event.cellsDone + share, total: event.cells, label })
  })
  try {
    if (signal.aborted) cancel()
    return await project.queue.whenEnded(jobId)
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', cancel)
    progress.end()
  }
}
