/** What windows ask to find the best set of sources. */
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { armsOfGrid } from '#main/experiments/race/race-grid.ts'
import { openRaces, raceJob } from '#main/experiments/race/race-job.ts'
import type { raceMethods } from '#preload/contract/race-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { WindowContext } from './window-context.ts'

export function raceHandlers({
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof raceMethods> {
  const open = openRaces()
  return {
    'races.order': async ({ grid, among, ...settings }) => {
      const { store, queue } = current.require().project
      const raced = await armsOfGrid(store.read, { grid, among })
      return { jobId: await queue.add(raceJob(raced, settings)) }
    },
    'races.open': () => open(current.require().project.store.read),
    'races.list': async () => await current.require().project.store.read.races.list(),
    'races.remove': async ({ id }) => {
      const { project, removals } = current.require()
      const taken = await project.store.write(({ races }) => races.take(id))
      changed('runs')
      return { removalId: removals.note(['runs'], taken) }
    }
  }
}
