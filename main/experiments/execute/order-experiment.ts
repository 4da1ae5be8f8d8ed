/** Puts a planned experiment into a project: the plan is stored, and a job is queued with what is not done yet. */

import type { ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import type { Project } from '#main/project/project.ts'
import { groupsLeft, planId, readDone } from './stored-experiment.ts'

export type ExperimentOrder = {
  readonly experimentId: string
  /** Null where everything is done. */
  readonly jobId: string | null
}

/** Stores the plan and queues its missing groups, those that tune first. */
export async function orderExperiment(
  { store, queue }: Project,
  plan: ExperimentPlan
): Promise<ExperimentOrder> {
  const experimentId = planId(plan)
  await store.write(({ experiments }) => experiments.addPlan(experimentId, plan.experiment.name, plan))
  const groups = groupsLeft(plan, await readDone(store.read))
  if (groups.length === 0) return { experimentId, jobId: null }
  const jobId = await queue.add({
    title: `Experiment: ${plan.experiment.name}`,
    settings: { kind: 'experiment', experimentId },
    cells: groups.map(({ id, label }) => ({ label, work: { kind: 'experiment', groupId: id } }))
  })
  return { experimentId, jobId }
}
