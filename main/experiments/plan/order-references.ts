/** Plans evaluations, tunings and refinements of folders and files: registers in the project what they name. */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { RefineMethod } from '#engine/common/contract/methods.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { PromptChoice } from '#engine/common/contract/prompts.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import { keepAnchorSet } from '#main/catalogue/anchor-sets.ts'
import { registerModel } from '#main/catalogue/models.ts'
import { importPrompts } from '#main/catalogue/prompts.ts'
import { registerTask } from '#main/catalogue/tasks.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { MeasuringGroup, TuningGroup } from './experiment-plan.ts'
import {
  type Evaluated,
  type EvaluationOrder,
  planEvaluation,
  planTuning,
  type TuningOrder
} from './plan-references.ts'
import { type PlannedSource, planTransfer, type TransferPlan } from './plan-transfer.ts'

/** The prompt of a file: the one that was found or tuned here with the same vectors, else imported. */
async function promptOfFile(
  project: WorkbenchContext,
  choice: PromptChoice,
  model: RegisteredModel
): Promise<StoredPrompt> {
  const { prompts } = project.store.read
  const [imported] = await importPrompts(project, [{ choice, model }])
  const stored = requireFound(imported, 'prompt', choice.path)
  const same = (await prompts.bySha256(stored.sha256)).find(
    (one) => one.origin !== 'file' && one.model.tableFingerprint === model.report.fingerprint.table
  )
  return (same === undefined ? undefined : await prompts.get(same.id)) ?? stored
}

/** What stands in a task's template: the prompt of a file, the manual template, random vectors. */
export type EvaluatedFile =
  | { readonly kind: 'prompt'; readonly choice: PromptChoice }
  | { readonly kind: 'manual' }
  | { readonly kind: 'random'; readonly vectors: number; readonly seed: number }

export type FileEvaluation = Pick<
  EvaluationOrder,
  'split' | 'rankWithin' | 'limit' | 'device' | 'template'
> & {
  readonly model: ModelReference
  readonly task: TaskSource
  readonly conditions: readonly EvaluatedFile[]
}

/** The group of an evaluation, its cells in the order of the conditions, and notes on the task; what it names is registered. */
export async function prepareEvaluation(
  project: WorkbenchContext,
  { model: reference, task, conditions, ...order }: FileEvaluation,
  signal: AbortSignal
): Promise<{ group: MeasuringGroup; notes: string[] }> {
  const model = await registerModel(project, reference, signal)
  const evaluated: Evaluated[] = []
  for (const one of conditions)
    evaluated.push(
      one.kind === 'prompt' ? { kind: one.kind, stored: await promptOfFile(project, one.choice, model) } : one
    )
  const registered = await registerTask(project, task, signal)
  const { groups } = planEvaluation({ model, cells: [{ task: registered, conditions: evaluated }], ...order })
  const { name, notes } = registered.summary
  return { group: requireFound(groups[0], 'group', name), notes }
}

export type FileTuning = Pick<TuningOrder, 'template' | 'settings' | 'device'> & {
  readonly model: ModelReference
  readonly task: TaskSource
  readonly seed: number
  readonly start:
    | { readonly kind: 'random'; readonly vectors: number }
    | { readonly kind: 'manual' }
    | { readonly kind: 'prompt'; readonly choice: PromptChoice }
}

/** The group of a tuning; what it names is registered. */
export async function prepareTuning(
  project: WorkbenchContext,
  { model: reference, task, seed, start, ...order }: FileTuning,
  signal: AbortSignal
): Promise<TuningGroup> {
  const model = await registerModel(project, reference, signal)
  const from =
    start.kind === 'prompt'
      ? { kind: start.kind, stored: await promptOfFile(project, start.choice, model) }
      : start
  const registered = await registerTask(project, task, signal)
  const { groups } = planTuning({ model, tasks: [registered], seeds: [seed], start: from, ...order })
  return requireFound(groups[0], 'group', registered.summary.name)
}

export type FileRefinement = Pick<TransferPlan['settings'], 'centre' | 'device'> & {
  readonly sources: readonly {
    readonly model: ModelReference
    readonly weight: number
    readonly choice: PromptChoice
  }[]
  readonly target: ModelReference
  /** Null where the start is not transferred. */
  readonly anchors: AnchorSet | null
  readonly method: RefineMethod
  readonly task: TaskSource
  readonly seed: number
}

/** The group of a refinement, which is not evaluated; what it names is registered. */
export async function prepareRefinement(
  project: WorkbenchContext,
  { sources: files, target, anchors, task, seed, method, centre, device }: FileRefinement,
  signal: AbortSignal
): Promise<MeasuringGroup> {
  const sources: PlannedSource[] = []
  for (const { model: reference, weight, choice } of files) {
    const model = await registerModel(project, reference, signal)
    sources.push({ model, weight, prompts: [await promptOfFile(project, choice, model)] })
  }
  const kept = anchors === null ? null : (await keepAnchorSet(project, anchors)).set
  const registered = await registerTask(project, task, signal)
  const { job } = planTransfer({
    sources,
    target: await registerModel(project, target, signal),
    anchors: kept && { ...kept, count: kept.anchors.length },
    settings: { method, mask: { kind: 'all' }, centre, rescale: 'after', device },
    evaluation: null,
    seeds: [seed],
    taskOf: () => registered
  })
  return requireFound(job.groups[0], 'group', registered.summary.name)
}
