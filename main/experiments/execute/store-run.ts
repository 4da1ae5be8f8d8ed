/** Stores a run with the prompt that it found. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Prompt } from '#engine/common/contract/prompts.ts'
import type { RunManifest } from '#engine/common/contract/runs.ts'
import type { ProjectWriter } from '#store/project-store.ts'
import type { NewRun } from '#store/records/runs.ts'

/** The prompt that a run found, as one of the target. */
function foundPrompt(
  name: string,
  { target, task, relation, template, method, prompt, tuning }: RunManifest,
  vectors: Matrix,
  position: Prompt['position'],
  run: string
): Prompt {
  const tuned = method.kind === 'direct-tuning'
  return {
    name: prompt?.name ?? name,
    vectors,
    model: { name: target.name, tableFingerprint: target.fingerprint.table },
    task: tuning?.task.name ?? task?.name ?? null,
    relation,
    position,
    template,
    origin: tuned ? { kind: 'tuning', tuning: run } : { kind: 'run', run },
    warnings: []
  }
}

/**
 * Stores the run; its id. A prompt that is not among the project's yet is added and linked.
 * @param found vectors `[m, e]` and where they stand; null where the run has none, or `promptId` says which
 */
export async function storeRun(
  { runs, prompts }: ProjectWriter,
  run: NewRun,
  found: { readonly vectors: Matrix; readonly position: Prompt['position'] } | null
): Promise<string> {
  const id = await runs.put(run)
  if (found !== null) {
    const prompt = foundPrompt(run.name, run.manifest, found.vectors, found.position, id)
    const recipe = run.manifest.prompt?.recipe ?? undefined
    await runs.linkPrompt(id, await prompts.keepFound(prompt, recipe))
  }
  return id
}
