/** Tunes the one prompt of a tuning group (Eq. 2). */
import type { TuningGroup } from '#main/experiments/plan/experiment-plan.ts'
import { tunedRun } from '#main/experiments/tunings/tuned-run.ts'
import type { ComputedRun } from '../results.ts'
import { runName } from '../run-name.ts'
import { type GroupContext, requirePlannedTask, requireWholeModel } from './group-context.ts'

/**
 * The run of the group, not evaluated. Cancelled in the middle, nothing is kept: it is tuned anew from its start.
 * @throws `mismatch` where an input is not what was planned with, what the engine says of the work, `cancelled`
 */
export async function tuneGroup(group: TuningGroup, context: GroupContext): Promise<ComputedRun> {
  const { id, task, length, seed, settings, device } = group
  const { engine, signal, onProgress, versions } = context
  const model = await requireWholeModel(context, group.model)
  await requirePlannedTask(context, task)
  const start = { kind: 'random', vectors: length } as const
  const result = await engine.call(
    'tuning.run',
    { model: model.reference, task: task.source, start, settings, seed, device },
    { signal, onProgress }
  )
  signal.throwIfAborted()
  const target = { name: model.name, fingerprint: model.fingerprint }
  const {
    cellId: _,
    promptId: __,
    ...run
  } = tunedRun(
    {
      name: runName(task.name, { method: { kind: 'direct-tuning' }, sources: [], target, seed }),
      target,
      task: { name: task.name, sha256: task.sha256, kind: task.source.kind },
      start,
      template: null,
      settings,
      seed,
      device,
      versions: { ...versions }
    },
    result,
    null
  )
  return {
    ...run,
    id,
    vectors: result.prompt,
    notes: [...run.notes],
    loss: result.loss,
    curve: [...run.curve],
    predictions: null
  }
}
