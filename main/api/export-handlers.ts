/** What windows ask of exports: a preview of the exact files, the files, or a bundle of them. */
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { bundleExport, listFiles, previewExport } from '#main/export/export-folder.ts'
import { exportPrompts } from '#main/export/export-prompts.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { WindowContext } from './window-context.ts'

type Answered = 'export.preview' | 'export.write' | 'export.bundle'

export function exportHandlers({ current }: WindowContext): Pick<Handlers<WorkbenchContract>, Answered> {
  const find = async (ids: readonly string[]): Promise<StoredPrompt[]> => {
    const { prompts } = current.require().project.store.read
    const found: StoredPrompt[] = []
    for (const id of ids) found.push(requireFound(await prompts.get(id), 'prompt', id))
    return found
  }
  return {
    'export.preview': async ({ promptIds, ...form }, { signal }) =>
      await previewExport(current.require().project, await find(promptIds), form, signal),
    'export.write': async ({ promptIds, folder, ...form }, { signal }) => {
      const { project } = current.require()
      const exported = await exportPrompts(project, await find(promptIds), { ...form, folder }, signal)
      return {
        files: await listFiles(
          folder,
          exported.flatMap(({ files }) => files)
        ),
        notes: [...new Set(exported.flatMap(({ notes }) => notes))]
      }
    },
    'export.bundle': async ({ promptIds, path, ...form }, { signal }) =>
      await bundleExport(current.require().project, await find(promptIds), form, path, signal)
  }
}
