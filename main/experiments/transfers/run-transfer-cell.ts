/** Computes one cell of a transfer with the engine, and says how its result is stored. */
import { isBaseline, type TransferMethod } from '#engine/common/contract/methods.ts'
import { requireModel, requireWholeModel } from '#main/catalogue/models.ts'
import { requireTask } from '#main/catalogue/tasks.ts'
import { evaluateAll } from '#main/experiments/evaluations/evaluate-all.ts'
import { evaluatedRun } from '#main/experiments/evaluations/evaluated-run.ts'
import { findPrompt } from '#main/experiments/execute/groups/find-prompts.ts'
import type { Transferring } from '#main/experiments/execute/groups/group-transfer.ts'
import { storeRun } from '#main/experiments/execute/store-run.ts'
import type { PlannedCell, PlannedModel } from '#main/experiments/plan/experiment-plan.ts'
import type { CellContext, WorkbenchContext } from '#main/project/context.ts'
import type { CellControl, StoreResult } from '#main/queue/queue.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import { requireFound } from '#store/records/row.ts'
import type { TransferSettings, TransferWork } from '#store/records/work.ts'
import { commonPosition, type Transferred, transferredRun } from './transferred-run.ts'

/** The method that a stored solver is. */
function methodOf(solver: TransferSettings['solver']): TransferMethod {
  if (solver.kind === 'exact' || isBaseline(solver)) return solver
  const { seed: _, snapshotEvery = null, ...adam } = solver
  return { ...adam, snapshotEvery }
}

/** Everything that a cell works with, read from the project. */
async function readInputs(
  context: WorkbenchContext,
  { sources, targetId, anchorSetId, solver, ...settings }: TransferSettings,
  work: TransferWork,
  control: CellControl
): Promise<Omit<Transferred, 'versions'>> {
  const { read } = context.store
  const found = []
  for (const [index, { modelId, weight }] of sources.entries()) {
    const promptId = requireFound(work.promptIds[index], 'prompt of a source', `${index + 1}`)
    const stored = requireFound(await read.prompts.get(promptId), 'prompt', promptId)
    found.push({ model: await requireModel(context, modelId, control.signal), weight, stored })
  }
  return {
    ...settings,
    method: methodOf(solver),
    sources: found,
    // A transfer depends on the table alone, what the target answers on all of it.
    target:
      settings.evaluation === null || work.taskId === null
        ? await requireModel(context, targetId, control.signal)
        : await requireWholeModel(context, targetId, control),
    anchors:
      anchorSetId === null
        ? null
        : requireFound(await read.anchorSets.get(anchorSetId), 'anchor set', anchorSetId),
    seed: work.seed ?? (solver.kind === 'adam' ? solver.seed : null)
  }
}

/** A model by its id: two of one name may be sources together. */
function planned({ id, reference, report }: RegisteredModel): PlannedModel {
  return { name: id, reference, fingerprint: report.fingerprint }
}

/** The cell of a group of its own. */
function cellOf(
  { method, sources, anchors, seed, mask, centre, rescale }: Transferred,
  id: string
): PlannedCell {
  return {
    id,
    method,
    sources: sources.map(({ model, weight, stored }) => ({ model: model.id, weight, prompt: stored.id })),
    prompt: null,
    seed,
    length: sources[0]?.stored.prompt.vectors.rows ?? null,
    anchors: anchors?.set.anchors.length ?? null,
    mask,
    centre,
    rescale
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
  const transferred: Transferred = { ...inputs, versions: await versions() }
  const { sources, target, anchors, device } = transferred
  const cell = cellOf(transferred, cellId)
  const transferring: Transferring = {
    group: {
      cells: [cell],
      sources: sources.map(({ model }) => planned(model)),
      target: planned(target),
      device
    },
    prompts: new Map(sources.map(({ stored }) => [stored.id, stored.prompt.vectors])),
    context: { engine, signal, onProgress, anchors: anchors?.set.anchors ?? [] }
  }
  const { condition, cell: _, snapshots: __, ...found } = await findPrompt(transferring, cell)
  const vectors = requireFound(condition.kind === 'prompt' ? condition.vectors : undefined, 'prompt', name)
  const run = transferredRun(transferred, found, { cellId, name, length: vectors.rows })
  const [evaluated] =
    settings.evaluation === null || work.taskId === null
      ? []
      : await evaluateAll(
          engine,
          {
            model: target,
            task: await requireTask(context, work.taskId, signal),
            settings: settings.evaluation,
            conditions: [{ kind: 'prompt', name, vectors, template: run.manifest.template }],
            device
          },
          { signal, onProgress }
        )
  return async (writer) => {
    await storeRun(writer, evaluated === undefined ? run : evaluatedRun(run, evaluated, cellId), {
      vectors,
      position: commonPosition(sources)
    })
  }
}
