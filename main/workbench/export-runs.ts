/** Writes the prompts that runs made, each with its manifest beside it. */
import { join } from 'node:path'
import type { PromptWrite } from '../../engine/contract/prompts.ts'
import { requireFound } from '../store/records/row.ts'
import type { RunSummary } from '../store/records/runs.ts'
import type { WorkbenchContext } from './context.ts'
import { writeJsonFile } from './write-json-file.ts'

export type ExportSettings = Pick<PromptWrite, 'format' | 'padRows' | 'overwrite' | 'peftTaskType'> & {
  /** Folder that gets one file or folder per run. */
  readonly folder: string
}

export type ExportedRun = { readonly run: RunSummary; readonly files: string[]; readonly notes: string[] }

/** What the name of a prompt file ends in, by format; PEFT writes a folder. */
const endings: Record<PromptWrite['format'], string> = {
  peft: '',
  optiprompt: '/prompt_vecs.npy',
  torch: '.pt',
  openprompt: '.ckpt',
  thunlp: '',
  npy: '.npy',
  npz: '.npz',
  safetensors: '.safetensors',
  json: '.json',
  csv: '.csv',
  vllm: '.txt',
  'llama-cpp': '.f32'
}

/** A name for files: the run's label without what file systems dislike. */
function fileName(label: string): string {
  return label.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^-|-$/g, '')
}

/** The label of a run's cell: its name without the title of the job in brackets. */
export function runLabel({ name }: Pick<RunSummary, 'name'>): string {
  return name.replace(/ \(.*\)$/, '')
}

/** Writes the prompts of `runs` below `settings.folder`, and `<label>.manifest.json` for each. */
export async function exportRuns(
  { store, engine }: WorkbenchContext,
  runs: readonly RunSummary[],
  { folder, ...settings }: ExportSettings,
  signal?: AbortSignal
): Promise<ExportedRun[]> {
  const exported: ExportedRun[] = []
  for (const summary of runs) {
    const run = requireFound(await store.read.runs.get(summary.id), 'run', summary.id)
    const { prompt } = requireFound(await store.read.prompts.byRun(run.id), 'prompt of the run', run.name)
    const base = join(folder, fileName(runLabel(summary)))
    const path = `${base}${endings[settings.format]}`
    const written = await engine.call('prompts.write', { prompt, path, ...settings }, { signal })
    const manifestPath = `${base}.manifest.json`
    await writeJsonFile(manifestPath, { run: run.id, manifest: run.manifest, report: run.report })
    exported.push({ run: summary, files: [...written.files, manifestPath], notes: written.notes })
  }
  return exported
}
