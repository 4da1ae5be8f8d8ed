/** Computes one cell of a tuning: a prompt tuned on one task with one seed, kept with its curves. */
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import { requireModel } from '#main/catalogue/models.ts'
import { requireTask } from '#main/catalogue/tasks.ts'
import type { CellContext } from '#main/project/context.ts'
import type { CellControl, StoreResult } from '#main/queue/queue.ts'
import { modelIdentity } from '#store/records/manifest.ts'
import { hashVectors } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { TuningManifest } from '#store/records/tunings.ts'
import type { TuningJobSettings, TuningWork } from '#store/records/work.ts'

type Start = {
  readonly asked: EngineArguments<'tuning.run'>['start']
  readonly stored: TuningManifest['start']
}

async function readStart({ store }: CellContext, start: TuningJobSettings['start']): Promise<Start> {
  if (start.kind !== 'prompt') return { asked: start, stored: start }
  const { prompt } = requireFound(await store.read.prompts.get(start.promptId), 'prompt', start.promptId)
  return {
    asked: { kind: 'prompt', vectors: prompt.vectors },
    stored: { kind: 'prompt', sha256: hashVectors(prompt.vectors) }
  }
}

/** Cancelled in the middle, the best so far is not kept: the cell runs again from its start. */
export async function runTuningCell(
  context: CellContext,
  { modelId, start, template, settings, device }: TuningJobSettings,
  { taskId, seed }: TuningWork,
  { cellId, name }: { cellId: string; name: string },
  control: CellControl
): Promise<StoreResult> {
  const { engine, versions } = context
  const model = await requireModel(context, modelId, control.signal)
  const task = await requireTask(context, taskId, control.signal)
  const from = await readStart(context, start)
  const result = await engine.call(
    'tuning.run',
    {
      model: model.reference,
      task: task.source,
      start: from.asked,
      template,
      settings,
      seed,
      device
    },
    control
  )
  control.signal.throwIfAborted()
  const manifest: TuningManifest = {
    model: modelIdentity(model),
    task: { name: task.summary.name, sha256: task.summary.sha256 },
    start: from.stored,
    template: result.template,
    settings,
    seed,
    selection: result.selection,
    ended: result.ended,
    examples: result.examples,
    device: { asked: device, used: result.device },
    versions: await versions()
  }
  return async ({ tunings, prompts }) => {
    const { loss, validations, chosenStep, seconds } = result
    const tuning = await tunings.add({ cellId, manifest, loss, validations, chosenStep, seconds })
    await prompts.add({
      name,
      vectors: result.prompt,
      model: { name: model.report.name, tableFingerprint: model.report.fingerprint.table },
      task: task.summary.name,
      relation: task.summary.kind === 'relation' ? task.summary.name : null,
      position: 'template',
      template: result.template,
      origin: { kind: 'tuning', tuning },
      warnings: []
    })
  }
}
