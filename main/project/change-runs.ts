/** What is done to runs that are there. */
import type { ProjectStore, ProjectWriter } from '#store/project-store.ts'
import { requireFound } from '#store/records/row.ts'

/** Changes runs in one transaction: all of them, or none. @throws `not-found` for an id that no run has */
export async function changeRuns(
  store: ProjectStore,
  ids: readonly string[],
  change: (runs: ProjectWriter['runs'], id: string) => Promise<unknown>
): Promise<void> {
  await store.write(async ({ runs }) => {
    for (const id of ids) {
      requireFound(await runs.get(id), 'run', id)
      await change(runs, id)
    }
  })
}
