/** Tunes the one prompt of a tuning group (Eq. 2). */

import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { TuningRecord } from '#engine/common/contract/runs.ts'
import type { TuningGroup } from '#main/experiments/plan/experiment-plan.ts'
import { hashVectors } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { ComputedRun } from '../results.ts'
import { runName } from '../run-name.ts'
import {
  type GroupContext,
  readPlannedPrompt,
  requirePlannedTask,
  requireWholeModel
} from './group-context.ts'
import { tunedRun } from './tuned-run.ts'

type Start = {
  readonly asked: EngineArguments<'tuning.run'>['start']
  readonly recorded: TuningRecord['start']
}

async function readStart({ start, length, id }: TuningGroup, context: GroupContext): Promise<Start> {
  if (start?.kind === 'manual') return { asked: start, recorded: start }
  if (start?.kind === 'prompt') {
    const vectors = await readPlannedPrompt(context, start.prompt)
    return {
      asked: { kind: 'prompt', vectors },
      recorded: { kind: 'prompt', sha256: hashVectors(vectors) }
    }
  }
  const random = { kind: 'random', vectors: requireFound(length ?? undefined, 'length', id) } as const
  return { asked: random, recorded: random }
}

/**
 * The run of the group, not evaluated. Cancelled in the middle, it is tuned anew from its start, but where the best so far is asked for.
 * @throws `mismatch` where an input is not what was planned with, what the engine says of the work, `cancelled`
 */
export async function tuneGroup(group: TuningGroup, context: GroupContext): Promise<ComputedRun> {
  const { id, task, template, seed, labels, settings, device } = group
  const { engine, signal, onProgress, versions } = context
  const model = await requireWholeModel(context, group.model)
  await requirePlannedTask(context, task)
  const start = await readStart(group, context)
  const result = await engine.call(
    'tuning.run',
    {
      model: model.reference,
      task: task.source,
      start: start.asked,
      template,
      settings,
      labels,
      seed,
      device
    },
    { signal, onProgress }
  )
  if (context.keepsBest !== true) throwIfCancelled(signal)
  const target = { name: model.name, fingerprint: model.fingerprint }
  const { name = runName(task.name, { method: { kind: 'direct-tuning' }, sources: [], target, seed }) } =
    group
  const asked = { name, target, task: { name: task.name, sha256: task.sha256, kind: task.source.kind } }
  return tunedRun(
    id,
    { ...asked, start: start.recorded, template, settings, labels, seed, device, versions: { ...versions } },
    result
  )
}
