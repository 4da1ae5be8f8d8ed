/** Computes one cell of a tuning: a prompt tuned on one task with one seed, kept with its curves as a run. */
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import type { TuningRecord } from '#engine/common/contract/runs.ts'
import { modelIdentity, requireWholeModel } from '#main/catalogue/models.ts'
import { requireTask } from '#main/catalogue/tasks.ts'
import { storeRun } from '#main/experiments/execute/store-run.ts'
import type { CellContext } from '#main/project/context.ts'
import type { CellControl, StoreResult } from '#main/queue/queue.ts'
import { hashVectors } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { TuningJobSettings, TuningWork } from '#store/records/work.ts'
import { tunedRun } from './tuned-run.ts'

type Start = {
  readonly asked: EngineArguments<'tuning.run'>['start']
  readonly stored: TuningRecord['start']
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
  const model = await requireWholeModel(context, modelId, control)
  const { summary, source } = await requireTask(context, taskId, control.signal)
  const from = await readStart(context, start)
  const result = await engine.call(
    'tuning.run',
    { model: model.reference, task: source, start: from.asked, template, settings, seed, device },
    control
  )
  control.signal.throwIfAborted()
  const run = tunedRun(
    {
      name,
      target: modelIdentity(model),
      task: summary,
      start: from.stored,
      template,
      settings,
      seed,
      device,
      versions: await versions()
    },
    result,
    cellId
  )
  return async (writer) => {
    await storeRun(writer, run, { vectors: result.prompt, position: 'template' })
  }
}
