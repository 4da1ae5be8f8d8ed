/** Writes the prompts that runs made, each with its manifest beside it. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { AnchorageError } from '../../engine/contract/errors.ts'
import type { PromptWrite, WrittenFormat } from '../../engine/contract/prompts.ts'
import type { ReadOnlyProjectStore } from '../store/project-store.ts'
import { requireFound } from '../store/records/row.ts'
import type { RunSummary } from '../store/records/runs.ts'
import type { EngineCalls } from './context.ts'
import { writeJsonFile } from './write-json-file.ts'

export type ExportSettings = Pick<PromptWrite, 'padRows' | 'overwrite' | 'peftTaskType'> & {
  readonly format: WrittenFormat
  /** Folder that gets one file or folder per run. */
  readonly folder: string
}

export type ExportedRun = { readonly run: RunSummary; readonly files: string[]; readonly notes: string[] }

/** What the name of a prompt file ends in, by format; PEFT writes a folder. */
const endings: Record<WrittenFormat, string> = {
  peft: '',
  optiprompt: '/prompt_vecs.npy',
  torch: '.pt',
  npy: '.npy',
  npz: '.npz',
  safetensors: '.safetensors',
  json: '.json',
  csv: '.csv',
  vllm: '.txt',
  'llama-cpp': '.f32'
}

const manifestEnding = '.manifest.json'

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false
  )
}

/** A name for files: the run's label without what file systems dislike, and not hidden. */
function fileName(label: string): string {
  return label.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|-$/g, '')
}

/** The label of a run's cell: its name without the title of the job in brackets. */
export function runLabel({ name }: Pick<RunSummary, 'name'>): string {
  return name.replace(/ \(.*\)$/, '')
}

/**
 * A path below `folder` for each label, without the ending of a format; equal labels are told apart by their
 * ids. Equal is meant as file systems mean it: whatever the case.
 */
function basePaths(folder: string, named: readonly { label: string; id: string }[]): string[] {
  const names = named.map(({ label }) => fileName(label))
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1)
  return named.map(({ id }, index) => {
    const name = names[index] ?? ''
    const isUnique = name !== '' && counts.get(name.toLowerCase()) === 1
    return join(folder, isUnique ? name : `${name}-${id.slice(0, 8)}`)
  })
}

/** @throws `write-failed` where a prompt or manifest is there already */
async function refuseExisting(
  { folder, format }: Pick<ExportSettings, 'folder' | 'format'>,
  bases: readonly string[]
): Promise<void> {
  const there: string[] = []
  for (const base of bases) {
    for (const path of [`${base}${endings[format]}`, `${base}${manifestEnding}`]) {
      if (await exists(path)) there.push(path)
    }
  }
  const [first] = there
  if (first === undefined) return
  throw new AnchorageError('write-failed', 'Prompts of these names are there already.', {
    where: folder,
    found: there.length === 1 ? first : `${first} and ${there.length - 1} more`,
    expected: 'a folder without them',
    next: 'Choose another folder, or ask to overwrite.'
  })
}

/**
 * Checks before anything is computed that prompts of these labels can be written, unless they may overwrite.
 * @throws `write-failed` where a prompt or manifest is there already
 */
export async function checkExport(settings: ExportSettings, labels: readonly string[]): Promise<void> {
  if (settings.overwrite === true) return
  await refuseExisting(
    settings,
    labels.map((label) => join(settings.folder, fileName(label)))
  )
}

/** Writes the prompts of `runs` below `settings.folder`, and `<label>.manifest.json` for each. */
export async function exportRuns(
  { store, engine }: { readonly store: Pick<ReadOnlyProjectStore, 'read'>; readonly engine: EngineCalls },
  runs: readonly RunSummary[],
  { folder, ...settings }: ExportSettings,
  signal?: AbortSignal
): Promise<ExportedRun[]> {
  const exported: ExportedRun[] = []
  const bases = basePaths(
    folder,
    runs.map((run) => ({ label: runLabel(run), id: run.id }))
  )
  if (settings.overwrite !== true) await refuseExisting({ folder, format: settings.format }, bases)
  for (const [index, summary] of runs.entries()) {
    const run = requireFound(await store.read.runs.get(summary.id), 'run', summary.id)
    const { prompt } = requireFound(await store.read.prompts.byRun(run.id), 'prompt of the run', run.name)
    const base = requireFound(bases[index], 'name for', run.name)
    const path = `${base}${endings[settings.format]}`
    const written = await engine.call('prompts.write', { prompt, path, ...settings }, { signal })
    const manifestPath = `${base}${manifestEnding}`
    await writeJsonFile(manifestPath, { run: run.id, manifest: run.manifest, report: run.report })
    exported.push({ run: summary, files: [...written.files, manifestPath], notes: written.notes })
  }
  return exported
}
