/** A tuned prompt as a run of direct tuning, with its curves. */
import type { RunManifest, TuningRecord } from '#engine/common/contract/runs.ts'
import type { TaskSummary } from '#engine/common/contract/tasks.ts'
import type { TuningResult, TuningSettings } from '#engine/common/contract/tuning.ts'
import { hashVectors } from '#store/records/prompts.ts'
import { tuningRecipe } from '#store/records/tuning-recipe.ts'
import type { ComputedRun } from '../results.ts'

type Tuned = {
  readonly name: string
  readonly target: RunManifest['target']
  readonly task: Pick<TaskSummary, 'name' | 'sha256' | 'kind'>
  readonly start: TuningRecord['start']
  /** As it was asked for; null: the usual one. */
  readonly template: string | null
  readonly settings: TuningSettings
  /** Only so many labelled examples; null: all. */
  readonly labels: number | null
  readonly seed: number
  /** As it was asked for. */
  readonly device: string
  readonly versions: RunManifest['versions']
}

/** The run of a tuning, not evaluated. */
export function tunedRun(
  id: string,
  { name, target, task, start, template, settings, labels, seed, device, versions }: Tuned,
  result: TuningResult
): ComputedRun {
  const tuning: TuningRecord = {
    task: { name: task.name, sha256: task.sha256 },
    start,
    template: result.template,
    settings,
    seed,
    ended: result.ended,
    examples: result.examples
  }
  return {
    id,
    name,
    manifest: {
      method: { kind: 'direct-tuning', ...(labels === null ? {} : { labels }) },
      sources: [],
      target,
      prompt: {
        name,
        sha256: hashVectors(result.prompt),
        recipe: tuningRecipe(target.fingerprint, { ...tuning, labels }, template)
      },
      seed,
      length: result.prompt.rows,
      anchors: null,
      mask: null,
      centre: 'none',
      rescale: null,
      tuning,
      task: null,
      relation: task.kind === 'relation' ? task.name : null,
      template: result.template,
      evaluation: null,
      selection: result.selection,
      device: { asked: device, used: result.device },
      versions
    },
    vectors: result.prompt,
    matching: null,
    report: null,
    notes: [...result.notes],
    loss: result.loss,
    chosenStep: result.chosenStep,
    curve: result.validations.map((point) => ({ ...point, matching: null })),
    scores: null,
    predictions: null,
    seconds: result.seconds,
    evaluationSeconds: null
  }
}
