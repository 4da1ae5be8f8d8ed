/** How much memory a group takes at the most, by the files of the model that it runs and of its sources. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from '#engine/common/files/exists.ts'
import type { WorkGroup } from '#main/experiments/plan/experiment-plan.ts'

/** Bytes beside the model: the runtime, the program, batches of answers. */
const baseBytes = 1.5e9
/** A session holds the weights and its working memory; tuning keeps what the way back needs. */
const modelsHeld = { tuning: 4, measuring: 3 } as const

/**
 * Of a source its table and the rows of its anchors are held, of BERT-base a third of its bytes: with eight sources and all
 * their sets the engine takes 3.8 GB at the most (`npm run bench -- engine-memory`).
 */
const tableShare = 0.35

function folderOf(group: WorkGroup): string {
  return (group.kind === 'tuning' ? group.model : group.target).reference.folder
}

/** Of a model that is not there nothing is known: it is told of when it is opened. */
async function folderBytes(folder: string): Promise<number> {
  if (!(await exists(folder))) return 0
  const files = await readdir(folder, { recursive: true })
  let bytes = 0
  for (const file of files) bytes += (await stat(join(folder, file))).size
  return bytes
}

/** Bytes of each folder, as its files are now. */
async function folderSizes(folders: readonly string[]): Promise<(folder: string) => number> {
  const sizes = new Map<string, number>()
  for (const folder of new Set(folders)) sizes.set(folder, await folderBytes(folder))
  return (folder) => sizes.get(folder) ?? 0
}

/** The bytes of the model that a group runs. */
export async function modelBytes(groups: readonly WorkGroup[]): Promise<(group: WorkGroup) => number> {
  const sizes = await folderSizes(groups.map(folderOf))
  return (group) => sizes(folderOf(group))
}

function sourceFolders(group: WorkGroup): string[] {
  return group.kind === 'tuning' ? [] : group.sources.map(({ reference }) => reference.folder)
}

/** Bytes for each group, in their order; generous, since on some machines a limit ends what exceeds it. */
export async function groupBytes(groups: readonly WorkGroup[]): Promise<number[]> {
  const sizes = await folderSizes(groups.flatMap((group) => [folderOf(group), ...sourceFolders(group)]))
  return groups.map((group) => {
    const tables = sourceFolders(group).reduce((sum, folder) => sum + tableShare * sizes(folder), 0)
    return baseBytes + modelsHeld[group.kind] * sizes(folderOf(group)) + tables
  })
}

/** Bytes for the largest of the groups; 0 where there are none. */
export async function largestBytes(groups: readonly WorkGroup[]): Promise<number> {
  return Math.max(0, ...(await groupBytes(groups)))
}
