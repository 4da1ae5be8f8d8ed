/** What windows ask of the queue of the open project. */
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { jobSeconds } from '#main/experiments/execute/job-seconds.ts'
import type { jobMethods } from '#preload/contract/job-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { WindowContext } from './window-context.ts'

export function jobHandlers({
  engine,
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof jobMethods> {
  const secondsLeft = jobSeconds()
  return {
    'jobs.list': async () => {
      const { store } = current.require().project
      const { jobs } = store.read
      const list = await jobs.list()
      const entries = await Promise.all(
        list.map(async (job) => {
          const { experimentId: _, ...entry } = job
          const seconds = job.state === 'running' ? await secondsLeft(store, job) : null
          return { ...entry, cells: await jobs.countCells(job.id), seconds }
        })
      )
      return entries.reverse()
    },
    'jobs.cells': async ({ id }) => {
      const cells = await current.require().project.store.read.jobs.cells(id)
      return cells.map(({ id, label, state, attempts, error }) => ({ id, label, state, attempts, error }))
    },
    'jobs.queue': async () => ({
      isPaused: await current.require().project.store.read.jobs.isQueuePaused()
    }),
    'jobs.pause': async ({ id }) => {
      await current.require().project.queue.pause(id)
      changed('jobs')
      return {}
    },
    'jobs.unpause': async ({ id }) => {
      await current.require().project.queue.unpause(id)
      changed('jobs')
      return {}
    },
    'jobs.move': async ({ id, before }) => {
      await current.require().project.queue.move(id, before)
      changed('jobs')
      return {}
    },
    'jobs.cancel': async ({ id }) => {
      await current.require().project.queue.cancel(id)
      changed('jobs')
      return {}
    },
    'jobs.retry': async ({ id }) => {
      // Whoever asks for the job again asks for its files.
      if (engine.setAside().length > 0) engine.restart()
      await current.require().project.queue.retry(id)
      changed('jobs')
      return {}
    },
    'jobs.remove': async ({ id }) => {
      await current.require().project.queue.remove(id)
      changed('jobs')
      return {}
    }
  }
}
