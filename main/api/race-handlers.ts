/** What windows ask to find the best set of sources. */
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { armsOfGrid } from '#main/experiments/race/race-grid.ts'
import { runRace } from '#main/experiments/race/run-race.ts'
import type { raceMethods } from '#preload/contract/race-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import { requireFound } from '#store/records/row.ts'
import type { WindowContext } from './window-context.ts'

export function raceHandlers({
  current
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof raceMethods> {
  return {
    'sets.race': async ({ grid, among, ...order }, { signal, progress }) => {
      const { project } = current.require()
      const raced = await armsOfGrid(project.store.read, { grid, among })
      const control = { signal, onProgress: progress }
      const { arms, ...outcome } = await runRace(project, raced, order, null, control)
      return {
        ...outcome,
        sets: arms.map((ended, place) => ({
          ...ended,
          sources: requireFound(raced.arms[place], 'set', `${place}`).sources.map(({ model, weight }) => ({
            modelId: model,
            weight
          }))
        }))
      }
    }
  }
}
