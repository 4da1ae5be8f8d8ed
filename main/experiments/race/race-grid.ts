/** What the window races: the sets of a grid, or the weights of its sources. */
import { divisions, lowestTerms } from '#engine/common/mixing/weight-grid.ts'
import type { MeasuringGroup } from '#main/experiments/plan/experiment-plan.ts'
import { layGrid } from '#main/experiments/plan/transfer-grid.ts'
import type { CheckedRace } from '#preload/contract/race-methods.ts'
import type { ProjectReader } from '#store/project-store.ts'
import { armsOf, type RaceArms } from './race-arms.ts'

/** @throws as `layGrid` and `armsOf` */
export async function armsOfGrid(
  read: ProjectReader,
  { grid, among }: Pick<CheckedRace, 'grid' | 'among'>
): Promise<RaceArms> {
  const groups: MeasuringGroup[] = []
  const add = async (laid: typeof grid): Promise<void> => {
    for (const { groups: found } of (await layGrid(read, laid)).jobs) groups.push(...found)
  }
  if (among.kind === 'sets') await add(grid)
  else
    for (const division of divisions(among.steps, grid.sources.length)) {
      const weights = lowestTerms(division)
      const sources = grid.sources.flatMap((source, index) => {
        const weight = weights[index] ?? 0
        return weight > 0 ? [{ ...source, weight }] : []
      })
      await add({ ...grid, sources, together: { least: sources.length, most: sources.length } })
    }
  return armsOf(groups)
}
