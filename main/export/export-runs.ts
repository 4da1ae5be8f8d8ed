/** Writes the prompts that runs made, each with its manifest beside it. */
import { join } from 'node:path'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { RunSummary } from '#store/records/runs.ts'
import { fileName, refuseExisting } from './export-paths.ts'
import {
  type ExportContext,
  type ExportedPrompt,
  type ExportSettings,
  exportPrompts
} from './export-prompts.ts'

export type ExportedRun = ExportedPrompt & { readonly run: RunSummary }

/**
 * Checks before anything is computed that prompts of these labels can be written, unless they may overwrite.
 * @throws `write-failed` where a prompt or manifest is there already
 */
export async function checkExport(
  { folder, format, overwrite }: ExportSettings,
  labels: readonly string[]
): Promise<void> {
  if (overwrite === true) return
  await refuseExisting(
    folder,
    format,
    labels.map((label) => join(folder, fileName(label)))
  )
}

/** Writes the prompts of `runs` below `settings.folder`, and `<label>.manifest.json` for each. */
export async function exportRuns(
  context: ExportContext,
  runs: readonly RunSummary[],
  settings: ExportSettings,
  signal?: AbortSignal
): Promise<ExportedRun[]> {
  const prompts: StoredPrompt[] = []
  for (const { promptId, name } of runs) {
    const prompt = promptId === null ? undefined : await context.store.read.prompts.get(promptId)
    prompts.push(requireFound(prompt, 'prompt of the run', name))
  }
  const exported = await exportPrompts(context, prompts, settings, signal)
  return exported.map((files, index) => ({ run: requireFound(runs[index], 'run', `${index}`), ...files }))
}
