/** What windows ask to find the best set of sources. */
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { armsOfGrid } from '#main/experiments/race/race-grid.ts'
import { runRace } from '#main/experiments/race/run-race.ts'
import type { raceMethods } from '#preload/contract/race-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { WindowContext } from './window-context.ts'

export function raceHandlers({
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof raceMethods> {
  return {
    'sets.race': async ({ grid, among, ...settings }, { signal, progress }) => {
      const { project } = current.require()
      const raced = await armsOfGrid(project.store.read, { grid, among })
      const control = { signal, onProgress: progress }
      const record = await runRace(project, raced, settings, null, control)
      changed('runs')
      return record
    },
    'races.list': async () => await current.require().project.store.read.races.list()
  }
}
