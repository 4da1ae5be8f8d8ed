/** Runs of what is evaluated: as they are before, and with what an evaluation adds. */
import { originRun } from '#engine/common/contract/prompts.ts'
import type { RunManifest } from '#engine/common/contract/runs.ts'
import type { ProjectReader } from '#store/project-store.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import type { NewRun } from '#store/records/runs.ts'
import { runName } from '../execute/run-name.ts'
import type { AskedCondition, Evaluated } from './evaluate-all.ts'

/** A run before it is evaluated. */
export type Unevaluated = Omit<NewRun, 'cellId' | 'scores' | 'predictions' | 'evaluationSeconds'>

/** A run on a task that needed no search: a template, random vectors, a prompt as it is (`stored`). */
export function plainRun(
  task: string,
  condition: { readonly kind: 'prompt' | 'manual' } | Extract<AskedCondition, { kind: 'random' }>,
  stored: StoredPrompt | null,
  manifest: Pick<RunManifest, 'target' | 'device' | 'versions'>
): Unevaluated {
  const prompt = stored === null ? null : { name: stored.prompt.name, sha256: stored.sha256, recipe: null }
  const random = condition.kind === 'random' ? condition : null
  const method = { kind: condition.kind }
  const seed = random?.seed ?? null
  return {
    name: runName(task, { ...manifest, method, sources: [], seed }),
    promptId: stored?.id ?? null,
    manifest: {
      ...manifest,
      method,
      sources: [],
      prompt,
      seed,
      length: random?.vectors ?? stored?.prompt.vectors.rows ?? null,
      anchors: null,
      mask: null,
      centre: 'none',
      rescale: null,
      tuning: null,
      task: null,
      relation: stored?.prompt.relation ?? null,
      template: stored?.prompt.template ?? null,
      evaluation: null,
      selection: 'none'
    },
    matching: null,
    report: null,
    notes: [],
    loss: null,
    chosenStep: null,
    curve: [],
    seconds: 0
  }
}

/** Whether a run's prompt would be the same with other weights of its target: it was found by the table alone. */
function isFoundByTable({ tuning, selection }: RunManifest): boolean {
  return tuning === null && selection !== 'validation'
}

/**
 * The run of a prompt: the one of this project that found it on the target's table or tuned it on the target, else that
 * of a prompt as it is.
 */
export async function promptRun(
  { runs }: ProjectReader,
  task: string,
  stored: StoredPrompt,
  manifest: Pick<RunManifest, 'target' | 'device' | 'versions'>
): Promise<Unevaluated> {
  const id = originRun(stored.prompt.origin)
  const found = id === null ? undefined : await runs.get(id)
  const [before, now] = [found?.manifest.target.fingerprint, manifest.target.fingerprint]
  if (found !== undefined && before?.table === now.table) {
    const { target } = manifest
    if (before.weights === now.weights || isFoundByTable(found.manifest))
      return { ...found, promptId: stored.id, manifest: { ...found.manifest, target } }
  }
  return plainRun(task, { kind: 'prompt' }, stored, manifest)
}

/** The run with what it was evaluated to. */
export function evaluatedRun(
  { manifest, ...run }: Unevaluated,
  { task, template, evaluation, scores, predictions, evaluationSeconds, device }: Evaluated,
  cellId: string | null
): NewRun {
  return {
    ...run,
    cellId,
    manifest: {
      ...manifest,
      task,
      template,
      evaluation,
      relation: manifest.relation ?? task.name,
      device: manifest.selection === 'none' ? { ...manifest.device, used: device } : manifest.device
    },
    scores,
    predictions,
    evaluationSeconds
  }
}
