/** Tunes the one prompt of a tuning group (Eq. 2). */
import { z } from 'zod'
import { matrixSchema } from '#engine/common/contract/matrix.ts'
import { tuningResultSchema } from '#engine/common/contract/tuning.ts'
import type { TuningGroup } from '#main/experiments/plan/study-plan.ts'
import { type GroupContext, requirePlannedModel, requirePlannedTask } from './group-context.ts'

/** A tuned prompt with what is told of it. */
export const tunedPromptSchema = z.object({
  /** The group's. */
  id: z.string(),
  /** `[m, e]`. */
  vectors: matrixSchema,
  ...tuningResultSchema.pick({
    template: true,
    chosenStep: true,
    selection: true,
    device: true,
    seconds: true
  }).shape,
  versions: z.record(z.string(), z.string())
})
export type TunedPrompt = z.infer<typeof tunedPromptSchema>

/**
 * The prompt of the group. Cancelled in the middle, nothing is kept: it is tuned anew from its start.
 * @throws `mismatch` where an input is not what was planned with, what the engine says of the work, `cancelled`
 */
export async function tuneGroup(group: TuningGroup, context: GroupContext): Promise<TunedPrompt> {
  const { id, model, task, length, seed, settings, device } = group
  const { engine, signal, onProgress, versions } = context
  await requirePlannedModel(context, model)
  await requirePlannedTask(context, task)
  const { prompt, template, chosenStep, selection, ...result } = await engine.call(
    'tuning.run',
    {
      model: model.reference,
      task: task.source,
      start: { kind: 'random', vectors: length },
      settings,
      seed,
      device
    },
    { signal, onProgress }
  )
  signal.throwIfAborted()
  return {
    id,
    vectors: prompt,
    template,
    chosenStep,
    selection,
    device: result.device,
    seconds: result.seconds,
    versions: { ...versions }
  }
}
