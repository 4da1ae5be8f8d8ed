/** How long a job will still take, by what its like took in the project. */
import type { ProjectReader, ProjectStore } from '#store/project-store.ts'
import type { Job } from '#store/records/jobs.ts'
import { secondsOf, type Work, workOf } from './group-work.ts'
import { groupsOf } from './run-work-group.ts'

/** Seconds of the groups that wait, and of the whole group at work. */
export type JobSeconds = { readonly queued: number; readonly running: number }

/** What tells the seconds left of a job; null where nothing like it was done yet. The work of the last job is kept. */
export function jobSeconds(): (store: ProjectStore, job: Job) => Promise<JobSeconds | null> {
  let known: { readonly jobId: string; readonly work: ReadonlyMap<string, readonly Work[]> } | null = null
  const workOfJob = async (read: ProjectReader, job: Job) => {
    if (known?.jobId !== job.id) {
      const { byId } = await groupsOf(read, job)
      known = { jobId: job.id, work: new Map([...byId].map(([id, group]) => [id, workOf(group)])) }
    }
    return known.work
  }
  return async ({ read }, job) => {
    // What a race will ask depends on what it is answered: it goes by its own pace.
    if (job.kind === 'race') return null
    const work = await workOfJob(read, job)
    const left = await read.jobs.groupsLeft(job.id)
    const times = await read.experiments.times()
    const ofState = (wanted: 'queued' | 'running'): number | null =>
      secondsOf(
        left.flatMap(({ groupId, state }) => (state === wanted ? (work.get(groupId) ?? []) : [])),
        times
      )
    const [queued, running] = [ofState('queued'), ofState('running')]
    return queued === null || running === null ? null : { queued, running }
  }
}
