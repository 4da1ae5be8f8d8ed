/** Records in a project what was computed without its queue, on the command line: each result is a run like any other. */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { BaselineResult } from '#engine/common/contract/baselines.ts'
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import type { EvaluationResult } from '#engine/common/contract/evaluation.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { PromptChoice } from '#engine/common/contract/prompts.ts'
import type { EvaluationSettings } from '#engine/common/contract/runs.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import type { TuningResult, TuningSettings } from '#engine/common/contract/tuning.ts'
import { keepAnchorSet } from '#main/catalogue/anchor-sets.ts'
import { completeModel, otherWeights } from '#main/catalogue/model-weights.ts'
import { modelIdentity, registerModel } from '#main/catalogue/models.ts'
import { importPrompts } from '#main/catalogue/prompts.ts'
import { registerTask } from '#main/catalogue/tasks.ts'
import { evaluatedOf } from '#main/experiments/evaluations/evaluate-all.ts'
import { evaluatedRun, plainRun, promptRun } from '#main/experiments/evaluations/evaluated-run.ts'
import { baselineOutcome } from '#main/experiments/execute/groups/transfer-by-baseline.ts'
import { runName } from '#main/experiments/execute/run-name.ts'
import { storeRun } from '#main/experiments/execute/store-run.ts'
import type { TransferOrder } from '#main/experiments/transfers/order-transfer.ts'
import {
  commonPosition,
  type Transferred,
  transferredRun
} from '#main/experiments/transfers/transferred-run.ts'
import { tunedRun } from '#main/experiments/tunings/tuned-run.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import { readVersions } from '#main/project/versions.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import { hashVectors, type StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'

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
  { device, ...evaluation }: EvaluationSettings & { readonly device: string }
): Promise<void> {
  const model = await registerRun(project, run)
  const common = {
    target: modelIdentity(model),
    device: { asked: device, used: device },
    versions: await readVersions(project.engine)
  }
  for (const { source, things, result } of evaluated) {
    const task = await registerTask(project, source)
    const { name } = task.summary
    for (const [index, one] of evaluatedOf(result, task, evaluation).entries()) {
      const thing = requireFound(things[index], 'condition', `${index + 1}`)
      const before =
        thing.kind === 'prompt'
          ? await promptRun(project.store.read, name, await keptPrompt(project, thing.choice, model), common)
          : plainRun(name, thing, null, common)
      await project.store.write(({ runs }) => runs.put(evaluatedRun(before, one, null)))
    }
  }
}

/** What was transferred from which files to which model. */
export type RecordedTransfer = Pick<Transferred, 'method' | 'centre' | 'device'> & {
  readonly seed: number
  readonly sources: TransferOrder['sources']
  readonly target: ModelReference
  readonly anchors: AnchorSet | null
}

/** Records the prompts that a baseline transferred, a run each; models, prompt files and anchors are registered. */
export async function recordTransfer(
  project: WorkbenchContext,
  { method, seed, centre, device, ...order }: RecordedTransfer,
  result: BaselineResult
): Promise<void> {
  const sources: Transferred['sources'][number][] = []
  for (const { model: reference, prompt, weight } of order.sources) {
    const model = await registerModel(project, reference)
    sources.push({ model, weight, stored: await keptPrompt(project, prompt, model) })
  }
  const target = await registerModel(project, order.target)
  const anchors = order.anchors === null ? null : { set: order.anchors }
  if (order.anchors !== null) await keepAnchorSet(project, order.anchors)
  const versions = await readVersions(project.engine)
  const settings = { mask: null, centre, rescale: null }
  const transferred = { method, seed, sources, target, anchors, ...settings, device, versions }
  for (const vectors of result.prompts) {
    const run = transferredRun(
      transferred,
      { ...baselineOutcome(method, result), checked: {} },
      {
        cellId: null,
        name: '',
        length: vectors.rows
      }
    )
    const [first] = sources
    const task = run.manifest.relation ?? first?.stored.prompt.name ?? ''
    await project.store.write((writer) =>
      storeRun(
        writer,
        { ...run, name: runName(task, run.manifest) },
        {
          vectors,
          position: commonPosition(sources)
        }
      )
    )
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
    const found = tunedRun(
      { ...asked, start: from, name: summary.name, target, task: summary, versions },
      result,
      null
    )
    await project.store.write((writer) =>
      storeRun(writer, found, { vectors: result.prompt, position: 'template' })
    )
  }
}
