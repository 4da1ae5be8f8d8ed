/** What a project holds, read beside whoever writes it. */
import { errorToData } from '#engine/common/contract/errors.ts'
import { openStoreToRead } from '#store/project-store.ts'
import { requireFound } from '#store/records/row.ts'
import { checkInBackground } from './background-integrity.ts'

const runsShown = 20

/** Opens a project for reading and lists its content, the newest runs first, and the damage of its file. */
export async function describeProject(path: string) {
  const store = await openStoreToRead(path)
  const integrity = checkInBackground(store)
  try {
    const { models, prompts, anchorSets, jobs, runs, races } = store.read
    const jobList = []
    for (const { id, title, state, isPaused, error } of await jobs.list()) {
      jobList.push({ id, title, state, isPaused, error, cells: await jobs.countCells(id) })
    }
    const listed = {
      path: store.path,
      models: (await models.list()).map(({ id, reference, report, weights }) => ({
        id,
        name: report.name,
        family: report.family,
        width: report.width,
        weights,
        folder: reference.folder
      })),
      prompts: await prompts.list(),
      anchorSets: await anchorSets.list(),
      jobs: jobList,
      isQueuePaused: await jobs.isQueuePaused(),
      races: (await races.list()).map(({ id, target, sets, chosen, split }) => {
        const { sources, accuracy } = requireFound(sets[chosen], 'set', `${chosen}`)
        const names = sources.map(({ model }) => model.name)
        return { id, target: target.name, chosen: names, among: sets.length, accuracy, split }
      }),
      runCount: await runs.count(),
      unverifiedCount: await runs.countUnverified(),
      newestRuns: await runs.page({ sort: 'createdAt', descending: true, offset: 0, limit: runsShown })
    }
    const damage = await integrity.ended
    return { ...listed, damage: damage === null ? null : errorToData(damage) }
  } finally {
    await integrity.close()
    await store.close()
  }
}
