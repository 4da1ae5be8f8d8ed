/** Records refinements of the command line in a project once the engine has answered: each is a run like any other. */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { RefineMethod } from '#engine/common/contract/methods.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { PromptChoice } from '#engine/common/contract/prompts.ts'
import type { RefinementResult } from '#engine/common/contract/refinement.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import { keepAnchorSet } from '#main/catalogue/anchor-sets.ts'
import { completeModel, otherWeights } from '#main/catalogue/model-weights.ts'
import { registerModel } from '#main/catalogue/models.ts'
import { registerTask } from '#main/catalogue/tasks.ts'
import { unfollowed } from '#main/experiments/execute/groups/follow-searches.ts'
import { computedRun } from '#main/experiments/execute/groups/measure-group.ts'
import { refinedCell } from '#main/experiments/execute/groups/refine-on-target.ts'
import { keepOutcome } from '#main/experiments/execute/keep-outcome.ts'
import { promptOfFile } from '#main/experiments/plan/order-references.ts'
import { type PlannedSource, planTransfer, type TransferPlan } from '#main/experiments/plan/plan-transfer.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import { readVersions } from '#main/project/versions.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import { requireFound } from '#store/records/row.ts'

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
      sources.push({ model, weight, prompts: [await promptOfFile(project, choice, model)] })
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
        computedRun(unfollowed(refinedCell(cell, result, summary)), undefined, group, { versions })
      )
      const outcome = { kind: 'measuring', runs, seconds: result.seconds } as const
      await project.store.write((writer) =>
        keepOutcome(writer, group, outcome, { cellId: null, isPlanned: false })
      )
    }
  }
}
