/** Tunes the one prompt of a tuning group (Eq. 2). */
import type { TuningGroup } from '#main/experiments/plan/experiment-plan.ts'
import { hashVectors } from '#store/records/prompts.ts'
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
  const { prompt: vectors, template, chosenStep, selection, ended, examples, loss, validations } = result
  const method = { kind: 'direct-tuning' } as const
  const target = { name: model.name, fingerprint: model.fingerprint }
  const name = runName(task.name, { method, sources: [], target, seed })
  return {
    id,
    name,
    manifest: {
      method,
      sources: [],
      target,
      prompt: { name, sha256: hashVectors(vectors), recipe: id },
      seed,
      length,
      anchors: null,
      mask: null,
      centre: 'none',
      rescale: null,
      tuning: {
        task: { name: task.name, sha256: task.sha256 },
        start,
        template,
        settings,
        seed,
        ended,
        examples
      },
      task: null,
      relation: task.source.kind === 'relation' ? task.name : null,
      template,
      evaluation: null,
      selection,
      device: { asked: device, used: result.device },
      versions: { ...versions }
    },
    vectors,
    matching: null,
    report: null,
    notes: result.notes,
    loss: Float64Array.from(loss),
    chosenStep,
    curve: validations.map((point) => ({ ...point, matching: null })),
    scores: null,
    predictions: null,
    seconds: result.seconds,
    evaluationSeconds: null
  }
}
