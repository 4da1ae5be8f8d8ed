/** The projects opened last, in a small file of the person's settings. */

import { basename } from 'node:path'
import { z } from 'zod'
import { exists } from '#engine/common/files/exists.ts'
import { readSmallFile } from '#engine/common/files/open-regular-file.ts'
import { writeJsonFile } from '#engine/common/files/write-whole.ts'
import type { RecentProject } from '#preload/contract/workbench-methods.ts'

const recentFileSchema = z.array(z.object({ path: z.string(), openedAt: z.number() }))
type RecentFile = z.infer<typeof recentFileSchema>

const remembered = 12
const largestList = 2 ** 20

export type RecentProjects = {
  /** Newest first. */
  list(): Promise<RecentProject[]>
  note(path: string): Promise<void>
  forget(path: string): Promise<void>
}

/** The name of a project file, for a person. */
export function projectName(path: string): string {
  return basename(path, '.anchorage')
}

/** The list kept in `file`; a file that can't be read counts as empty, it holds nothing that can't be found again. */
export function openRecentProjects(file: string): RecentProjects {
  const read = async (): Promise<RecentFile> => {
    try {
      return recentFileSchema.parse(JSON.parse((await readSmallFile(file, largestList)).toString()))
    } catch {
      return []
    }
  }
  const without = async (path: string): Promise<RecentFile> =>
    (await read()).filter((project) => project.path !== path)
  return {
    list: async () =>
      await Promise.all(
        (await read()).map(async (project) => ({
          ...project,
          name: projectName(project.path),
          missing: !(await exists(project.path))
        }))
      ),
    note: async (path) =>
      await writeJsonFile(
        file,
        [{ path, openedAt: Date.now() }, ...(await without(path))].slice(0, remembered)
      ),
    forget: async (path) => await writeJsonFile(file, await without(path))
  }
}
