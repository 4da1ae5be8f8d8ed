/** Exports runs of a project file, read beside whoever writes it. */

import type { EngineCalls } from '#main/project/context.ts'
import { openStoreToRead, type ProjectReader } from '#store/project-store.ts'
import { requireFound } from '#store/records/row.ts'
import type { RunSummary } from '#store/records/runs.ts'
import type { ExportSettings } from './export-prompts.ts'
import { type ExportedRun, exportRuns } from './export-runs.ts'

const mostRuns = 1_000_000

/** The runs of these ids, or all that have a prompt, oldest first. @throws `not-found` */
async function chooseRuns({ runs }: ProjectReader, ids: readonly string[]): Promise<RunSummary[]> {
  const all = await runs.page({ sort: 'createdAt', descending: false, offset: 0, limit: mostRuns })
  if (ids.length === 0) return all.filter(({ promptId }) => promptId !== null)
  return ids.map((id) => {
    const found = all.find((run) => run.id === id)
    return requireFound(found, 'run', id)
  })
}

/** Writes the prompts of the runs with these ids, or of all where none is named. */
export async function exportProject(
  path: string,
  runIds: readonly string[],
  settings: ExportSettings,
  engine: EngineCalls,
  signal?: AbortSignal
): Promise<ExportedRun[]> {
  const store = await openStoreToRead(path)
  try {
    return await exportRuns({ store, engine }, await chooseRuns(store.read, runIds), settings, signal)
  } finally {
    await store.close()
  }
}
