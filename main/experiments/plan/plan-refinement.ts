/** Plans the refinement of a mixture at hand: one prompt of each source, one target, one task. */

import type { CheckedRefinement } from '#preload/contract/mix-methods.ts'
import type { ProjectReader } from '#store/project-store.ts'
import { requireFound } from '#store/records/row.ts'
import { experimentEvaluation, type MeasuringGroup } from './experiment-plan.ts'
import { type PlannedSource, planTransfer } from './plan-transfer.ts'
import type { PlannedJob } from './registered-inputs.ts'

/** The job, whose run is evaluated on the task's test split. @throws `not-found`, and as `planTransfer` */
export async function planRefinement(
  { models, prompts, anchorSets, tasks }: ProjectReader,
  order: CheckedRefinement
): Promise<PlannedJob<MeasuringGroup>> {
  const { targetId, anchorSetId, taskId, mask, centre, ridge, rescale, settings, seed, device } = order
  const sources: PlannedSource[] = []
  for (const { modelId, promptId, weight } of order.sources)
    sources.push({
      model: requireFound(await models.get(modelId), 'model', modelId),
      weight,
      prompts: [requireFound(await prompts.get(promptId), 'prompt', promptId)]
    })
  const { set } = requireFound(await anchorSets.get(anchorSetId), 'anchor set', anchorSetId)
  const task = requireFound(await tasks.get(taskId), 'task', taskId)
  const { split, rankWithin } = experimentEvaluation
  return planTransfer({
    sources,
    target: requireFound(await models.get(targetId), 'model', targetId),
    anchors: { ...set, count: set.anchors.length },
    settings: { method: { kind: 'refine', ...settings, ridge }, mask, centre, rescale, device },
    evaluation: { split, rankWithin, limit: null },
    seeds: [seed],
    taskOf: () => task,
    described: ' · refined'
  }).job
}
