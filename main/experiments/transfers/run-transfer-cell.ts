/** Computes one cell of a transfer with the engine, and says how its result is stored. */
import { retrievalNotes } from '#engine/common/contract/retrieval.ts'
import type { RunManifest } from '#engine/common/contract/runs.ts'
import type { TransferRequest, TransferResult } from '#engine/common/contract/transfer.ts'
import { modelIdentity, requireModel, requireWholeModel } from '#main/catalogue/models.ts'
import { requireTask } from '#main/catalogue/tasks.ts'
import { evaluateAll } from '#main/experiments/evaluations/evaluate-all.ts'
import { conditionRetrieval } from '#main/experiments/execute/condition-retrieval.ts'
import { storeRun } from '#main/experiments/execute/store-run.ts'
import { commonValue } from '#main/project/common-value.ts'
import type { CellContext, WorkbenchContext } from '#main/project/context.ts'
import type { CellControl, StoreResult } from '#main/queue/queue.ts'
import type { StoredAnchorSet } from '#store/records/anchor-sets.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { NewRun } from '#store/records/runs.ts'
import type { TransferSettings, TransferWork } from '#store/records/work.ts'

/** Everything that a cell works with, read from the project. */
type Inputs = {
  readonly sources: readonly { model: RegisteredModel; weight: number; stored: StoredPrompt }[]
  readonly target: RegisteredModel
  readonly anchors: StoredAnchorSet
  readonly solver: TransferSettings['solver']
}

async function readInputs(
  context: WorkbenchContext,
  settings: TransferSettings,
  work: TransferWork,
  control: CellControl
): Promise<Inputs> {
  const { read } = context.store
  const sources: Inputs['sources'][number][] = []
  for (const [index, { modelId, weight }] of settings.sources.entries()) {
    const promptId = requireFound(work.promptIds[index], 'prompt of a source', `${index + 1}`)
    const stored = requireFound(await read.prompts.get(promptId), 'prompt', promptId)
    sources.push({ model: await requireModel(context, modelId, control.signal), weight, stored })
  }
  const { solver, targetId } = settings
  const isEvaluated = settings.evaluation !== null && work.taskId !== null
  return {
    sources,
    // A transfer depends on the table alone, what the target answers on all of it.
    target: isEvaluated
      ? await requireWholeModel(context, targetId, control)
      : await requireModel(context, targetId, control.signal),
    anchors: requireFound(
      await read.anchorSets.get(settings.anchorSetId),
      'anchor set',
      settings.anchorSetId
    ),
    solver: solver.kind === 'adam' && work.seed !== null ? { ...solver, seed: work.seed } : solver
  }
}

function manifestOf(
  settings: TransferSettings,
  { sources, target, anchors, solver }: Inputs,
  result: TransferResult,
  versions: Record<string, string>
): RunManifest {
  const prompts = sources.map(({ stored }) => stored.prompt)
  return {
    method: methodOf(solver),
    sources: sources.map(({ model, weight, stored }) => ({
      model: modelIdentity(model),
      prompt: { name: stored.prompt.name, sha256: stored.sha256, recipe: stored.recipe },
      weight
    })),
    target: modelIdentity(target),
    prompt: null,
    seed: solver.kind === 'adam' ? solver.seed : null,
    length: result.prompt.rows,
    anchors: { name: anchors.set.name, hash: anchors.set.hash, count: anchors.set.anchors.length },
    mask: settings.mask,
    centre: settings.centre,
    rescale: settings.rescale,
    tuning: null,
    task: null,
    relation: commonValue(prompts.map(({ relation }) => relation)),
    template: commonValue(prompts.map(({ template }) => template)),
    evaluation: null,
    selection: solver.kind === 'exact' ? 'exact' : solver.selection,
    device: { asked: settings.device, used: result.device },
    versions
  }
}

/** A solver as the method of a run. */
function methodOf(solver: TransferSettings['solver']): RunManifest['method'] {
  if (solver.kind === 'exact') return solver
  const { seed: _, snapshotEvery = null, ...adam } = solver
  return { ...adam, snapshotEvery }
}

function requestOf(
  settings: TransferSettings,
  { sources, target, anchors, solver }: Inputs
): TransferRequest {
  return {
    sources: sources.map(({ model, weight, stored }) => ({
      model: model.reference,
      prompt: stored.prompt.vectors,
      weight
    })),
    target: target.reference,
    anchors: anchors.set.anchors,
    mask: settings.mask,
    centre: settings.centre,
    solver,
    rescale: settings.rescale,
    device: settings.device
  }
}

/** Transfers the prompts of one cell and, where the job says so, evaluates the result on the target. */
export async function runTransferCell(
  context: CellContext,
  settings: TransferSettings,
  work: TransferWork,
  { cellId, name }: { cellId: string; name: string },
  { signal, onProgress }: CellControl
): Promise<StoreResult> {
  const { engine, versions } = context
  const inputs = await readInputs(context, settings, work, { signal, onProgress })
  const request = requestOf(settings, inputs)
  const result = await engine.call('transfer.run', request, { signal, onProgress })
  const method = { by: 'transfer', solver: request.solver } as const
  const retrieval = await conditionRetrieval(engine, { ...request, method }, signal)
  const manifest = { ...manifestOf(settings, inputs, result, await versions()), ...retrieval }
  const { evaluation, device } = settings
  const [evaluated] =
    evaluation === null || work.taskId === null
      ? []
      : await evaluateAll(
          engine,
          {
            model: inputs.target,
            task: await requireTask(context, work.taskId, signal),
            settings: evaluation,
            contestants: [
              { kind: 'prompt', prompt: { name, vectors: result.prompt, template: manifest.template } }
            ],
            device
          },
          { signal, onProgress }
        )
  const { report, search, seconds } = result
  const totalWeight = inputs.sources.reduce((sum, { weight }) => sum + weight, 0)
  const run: NewRun = {
    cellId,
    promptId: null,
    name,
    manifest:
      evaluated === undefined
        ? manifest
        : {
            ...manifest,
            task: evaluated.task,
            template: evaluated.template,
            evaluation: evaluated.evaluation
          },
    matching: report.meanMatching / totalWeight,
    report,
    notes: [...report.notes, ...retrievalNotes(manifest)],
    loss: search?.loss ?? null,
    chosenStep: search?.chosenStep ?? null,
    curve: [],
    scores: evaluated?.scores ?? null,
    predictions: evaluated?.predictions ?? null,
    seconds,
    evaluationSeconds: evaluated?.evaluationSeconds ?? null
  }
  const position = commonValue(inputs.sources.map(({ stored }) => stored.prompt.position)) ?? 'unknown'
  return async (writer) => {
    await storeRun(writer, run, { vectors: result.prompt, position })
  }
}
