/** Waits for a job of a project on the terminal. */
import type { Project } from '#main/project/project.ts'
import { followJob as follow } from '#main/queue/follow-job.ts'
import type { CommandSession } from './session.ts'

/** Waits for a job, showing its progress; Ctrl-C cancels it and keeps what it finished. */
export async function followJob({ queue }: Project, jobId: string, { signal, progress }: CommandSession) {
  try {
    return await follow(queue, jobId, { signal, onProgress: progress.show })
  } finally {
    progress.end()
  }
}
