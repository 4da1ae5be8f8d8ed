/** Writes prompts of a project in a format of choice; what a run made has the run's manifest beside it. */
import {
  originRun,
  type PromptOrigin,
  type PromptWrite,
  type WrittenFormat
} from '#engine/common/contract/prompts.ts'
import { writeJsonFile } from '#engine/common/files/write-whole.ts'
import { runLabel } from '#engine/common/format/run-label.ts'
import type { EngineCalls } from '#main/project/context.ts'
import type { ProjectReader, ReadOnlyProjectStore } from '#store/project-store.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { StoredRun } from '#store/records/runs.ts'
import { basePaths, manifestPath, promptPath, refuseExisting } from './export-paths.ts'

export type ExportSettings = Pick<PromptWrite, 'padRows' | 'overwrite' | 'peftTaskType'> & {
  readonly format: WrittenFormat
  /** Folder that gets one file or folder per prompt. */
  readonly folder: string
}

export type ExportContext = {
  readonly store: Pick<ReadOnlyProjectStore, 'read'>
  readonly engine: EngineCalls
}

export type ExportedPrompt = { readonly files: string[]; readonly notes: string[] }

/** The run that found or tuned a prompt; undefined for an imported one, and where the run was removed. */
async function findingRun({ runs }: ProjectReader, origin: PromptOrigin): Promise<StoredRun | undefined> {
  const id = originRun(origin)
  return id === null ? undefined : await runs.get(id)
}

/** Writes the prompts below `settings.folder`, in their order. @throws `write-failed` where one is there already */
export async function exportPrompts(
  { store, engine }: ExportContext,
  prompts: readonly StoredPrompt[],
  { folder, ...settings }: ExportSettings,
  signal?: AbortSignal
): Promise<ExportedPrompt[]> {
  const bases = basePaths(
    folder,
    prompts.map(({ id, prompt }) => ({ label: runLabel(prompt.name), id }))
  )
  if (settings.overwrite !== true) await refuseExisting(folder, settings.format, bases)
  const models = await store.read.models.list()
  const exported: ExportedPrompt[] = []
  for (const [index, { prompt }] of prompts.entries()) {
    const base = requireFound(bases[index], 'name for', prompt.name)
    const path = promptPath(base, settings.format)
    const model = models.find(({ report }) => report.fingerprint.table === prompt.model.tableFingerprint)
    const request = { prompt, path, ...settings, model: model?.report ?? null }
    const { files, notes } = await engine.call('prompts.write', request, { signal })
    const run = await findingRun(store.read, prompt.origin)
    if (run !== undefined) {
      const beside = manifestPath(base)
      await writeJsonFile(beside, { run: run.id, manifest: run.manifest, report: run.report })
      exported.push({ files: [...files, beside], notes })
    } else exported.push({ files, notes })
  }
  return exported
}
