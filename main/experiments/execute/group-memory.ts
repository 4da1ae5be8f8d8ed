/** How much memory a group takes at the most, by the files of the model that it runs. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from '#engine/common/files/exists.ts'
import type { WorkGroup } from '#main/experiments/plan/experiment-plan.ts'

/** Bytes beside the model: the runtime, the program, batches of answers. */
const baseBytes = 1.5e9
/** A session holds the weights and its working memory; tuning keeps what the way back needs. */
const modelsHeld = { tuning: 4, measuring: 3 } as const

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

/** The bytes of the model that a group runs, as its files are now. */
export async function modelBytes(groups: readonly WorkGroup[]): Promise<(group: WorkGroup) => number> {
  const sizes = new Map<string, number>()
  for (const folder of new Set(groups.map(folderOf))) sizes.set(folder, await folderBytes(folder))
  return (group) => sizes.get(folderOf(group)) ?? 0
}

/** Bytes for each group, in their order; generous, since on some machines a limit ends what exceeds it. */
export async function groupBytes(groups: readonly WorkGroup[]): Promise<number[]> {
  const bytes = await modelBytes(groups)
  return groups.map((group) => baseBytes + modelsHeld[group.kind] * bytes(group))
}

/** Bytes for the largest of the groups; 0 where there are none. */
export async function largestBytes(groups: readonly WorkGroup[]): Promise<number> {
  return Math.max(0, ...(await groupBytes(groups)))
}
