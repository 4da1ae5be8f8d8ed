/** Records in a project what was computed without its queue, on the command line: each result is a run like any other. */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { BaselineResult } from '#engine/common/contract/baselines.ts'
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import type { EvaluationResult } from '#engine/common/contract/evaluation.ts'
import type { RefineMethod } from '#engine/common/contract/methods.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { PromptChoice } from '#engine/common/contract/prompts.ts'
import type { RefinementResult } from '#engine/common/contract/refinement.ts'
import type { EvaluationSettings } from '#engine/common/contract/runs.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import type { Centre } from '#engine/common/contract/transfer.ts'
import type { TuningResult, TuningSettings } from '#engine/common/contract/tuning.ts'
import { keepAnchorSet } from '#main/catalogue/anchor-sets.ts'
import { completeModel, otherWeights } from '#main/catalogue/model-weights.ts'
import { modelIdentity, registerModel } from '#main/catalogue/models.ts'
import { importPrompts } from '#main/catalogue/prompts.ts'
import { registerTask } from '#main/catalogue/tasks.ts'
import { answersOf } from '#main/experiments/execute/groups/ask-target.ts'
import { placed } from '#main/experiments/execute/groups/find-prompts.ts'
import { promptCondition } from '#main/experiments/execute/groups/group-transfer.ts'
import { computedRun } from '#main/experiments/execute/groups/measure-group.ts'
import { refinedCell } from '#main/experiments/execute/groups/refine-on-target.ts'
import type { GroupOutcome } from '#main/experiments/execute/groups/run-group.ts'
import { baselineOutcome } from '#main/experiments/execute/groups/transfer-by-baseline.ts'
import { tunedRun } from '#main/experiments/execute/groups/tuned-run.ts'
import { keepOutcome, keepTuned } from '#main/experiments/execute/keep-outcome.ts'
import type { WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import type { TransferOrder } from '#main/experiments/plan/order-transfer.ts'
import { type Evaluated, planEvaluation } from '#main/experiments/plan/plan-references.ts'
import { type PlannedSource, planTransfer, type TransferPlan } from '#main/experiments/plan/plan-transfer.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import { readVersions } from '#main/project/versions.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import { hashVectors, type StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'

function keep({ store }: WorkbenchContext, group: WorkGroup, outcome: GroupOutcome): Promise<void> {
  return store.write((writer) => keepOutcome(writer, group, outcome, { cellId: null, isPlanned: false }))
}

/** What was evaluated: the file of a prompt, with the template that was asked for, the manual template, random vectors. */
export type EvaluatedThing =
  | { readonly kind: 'prompt'; readonly choice: PromptChoice }
  | { readonly kind: 'manual' }
  | { readonly kind: 'random'; readonly vectors: number; readonly seed: number }

export type EvaluatedTask = {
  readonly source: TaskSource
  /** In the order of the result's conditions. */
  readonly things: readonly EvaluatedThing[]
  readonly result: EvaluationResult
}

/** The prompt of a file: the one that was found or tuned here with the same vectors, else imported. */
async function keptPrompt(
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

/** A model folder, and what its weights were before it was run. */
export type RunModel = { readonly reference: ModelReference; readonly weights: string }

/** The registered model that was run. @throws `mismatch` where its files were changed since */
async function registerRun(
  project: WorkbenchContext,
  { reference, weights }: RunModel
): Promise<RegisteredModel> {
  const model = await completeModel(project, await registerModel(project, reference), {})
  if (model.weights !== weights) throw otherWeights(model, weights, model.weights)
  return model
}

/** Records evaluations; models, tasks and prompt files are registered. @throws `mismatch` where the model was changed since */
export async function recordEvaluations(
  project: WorkbenchContext,
  run: RunModel,
  evaluated: readonly EvaluatedTask[],
  settings: EvaluationSettings & { readonly device: string }
): Promise<void> {
  const model = await registerRun(project, run)
  const versions = await readVersions(project.engine)
  for (const { source, things, result } of evaluated) {
    const task = await registerTask(project, source)
    const conditions: Evaluated[] = []
    for (const thing of things)
      conditions.push(
        thing.kind === 'prompt'
          ? { kind: thing.kind, stored: await keptPrompt(project, thing.choice, model) }
          : thing
      )
    const { groups } = planEvaluation({ model, cells: [{ task, conditions }], ...settings })
    const group = requireFound(groups[0], 'group', task.summary.name)
    const prompts = new Map(
      conditions.flatMap((one) =>
        one.kind === 'prompt' ? [[one.stored.id, one.stored.prompt.vectors] as const] : []
      )
    )
    const answers = answersOf(result)
    const runs = group.cells.map((cell, index) =>
      computedRun(placed({ prompts }, cell), answers[index], group, { versions })
    )
    await keep(project, group, { kind: 'measuring', runs, seconds: result.seconds })
  }
}

/** What was transferred from which files to which model. */
export type RecordedTransfer = Pick<TransferOrder, 'sources' | 'target' | 'anchors'> & {
  readonly method: TransferPlan['settings']['method']
  readonly centre: Centre
  readonly seed: number
  readonly device: string
}

/** Records the prompt that a baseline transferred as a run; models, prompt files and anchors are registered. */
export async function recordTransfer(
  project: WorkbenchContext,
  { method, seed, centre, device, ...order }: RecordedTransfer,
  result: BaselineResult
): Promise<void> {
  const sources = []
  for (const { model: reference, prompt, weight } of order.sources) {
    const model = await registerModel(project, reference)
    sources.push({ model, weight, prompts: [await keptPrompt(project, prompt, model)] })
  }
  const anchors = order.anchors === null ? null : (await keepAnchorSet(project, order.anchors)).set
  const { job } = planTransfer({
    sources,
    target: await registerModel(project, order.target),
    anchors: anchors === null ? null : { ...anchors, count: anchors.anchors.length },
    settings: { method, mask: { kind: 'all' }, centre, rescale: 'none', device },
    evaluation: null,
    seeds: [seed],
    taskOf: () => null
  })
  const versions = await readVersions(project.engine)
  for (const [index, group] of job.groups.entries()) {
    const vectors = requireFound(result.prompts[index], 'prompt', group.label)
    const runs = group.cells.map((cell) => {
      const found = { ...baselineOutcome(method, result), manifest: {}, snapshots: [] }
      const condition = promptCondition(cell, vectors)
      return computedRun({ ...found, cell, condition }, undefined, group, { versions })
    })
    await keep(project, group, { kind: 'measuring', runs, seconds: result.seconds })
  }
}

/** What was refined without labels on one task: by which prompts of the sources, in their order. */
export type RefinedTask = {
  readonly source: TaskSource
  readonly prompts: readonly PromptChoice[]
  readonly result: RefinementResult
}

/** Records refinements; models, prompt files, anchors and tasks are registered. @throws `mismatch` where a model was changed since */
export async function recordRefinements(
  project: WorkbenchContext,
  models: {
    readonly sources: readonly (RunModel & { readonly weight: number })[]
    readonly target: RunModel
  },
  refined: readonly RefinedTask[],
  asked: Pick<TransferPlan['settings'], 'centre' | 'device'> & {
    readonly method: RefineMethod
    readonly seed: number
    /** Null where the start is not transferred. */
    readonly anchors: AnchorSet | null
  }
): Promise<void> {
  const { method, seed, centre, device } = asked
  const registered = []
  for (const { weight, ...run } of models.sources)
    registered.push({ model: await registerRun(project, run), weight })
  const target = await registerRun(project, models.target)
  const anchors = asked.anchors === null ? null : (await keepAnchorSet(project, asked.anchors)).set
  const versions = await readVersions(project.engine)
  for (const { source, prompts, result } of refined) {
    const { summary } = await registerTask(project, source)
    const sources: PlannedSource[] = []
    for (const [index, { model, weight }] of registered.entries()) {
      const choice = requireFound(prompts[index], 'prompt', summary.name)
      sources.push({ model, weight, prompts: [await keptPrompt(project, choice, model)] })
    }
    const { job } = planTransfer({
      sources,
      target,
      anchors: anchors === null ? null : { ...anchors, count: anchors.anchors.length },
      settings: { method, mask: { kind: 'all' }, centre, rescale: 'after', device },
      evaluation: null,
      seeds: [seed],
      taskOf: () => null
    })
    for (const group of job.groups) {
      const runs = group.cells.map((cell) =>
        computedRun(refinedCell(cell, result, summary), undefined, group, { versions })
      )
      await keep(project, group, { kind: 'measuring', runs, seconds: result.seconds })
    }
  }
}

export type TunedTask = { readonly source: TaskSource; readonly result: TuningResult }

/** Records tunings, each with its prompt and curves. @throws `mismatch` where the model was changed since */
export async function recordTunings(
  project: WorkbenchContext,
  run: RunModel,
  tuned: readonly TunedTask[],
  {
    start,
    ...asked
  }: {
    readonly start: EngineArguments<'tuning.run'>['start']
    readonly template: string | null
    readonly settings: TuningSettings
    readonly seed: number
    readonly device: string
  }
): Promise<void> {
  const target = modelIdentity(await registerRun(project, run))
  const versions = await readVersions(project.engine)
  for (const { source, result } of tuned) {
    const { summary } = await registerTask(project, source)
    const from = start.kind === 'prompt' ? { kind: start.kind, sha256: hashVectors(start.vectors) } : start
    const run = tunedRun(
      '',
      { ...asked, labels: null, start: from, name: summary.name, target, task: summary, versions },
      result
    )
    await project.store.write((writer) => keepTuned(writer, run, null))
  }
}
