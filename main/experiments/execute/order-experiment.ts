/** Puts a planned experiment into a project: the plan is stored, and a job is queued with what is not done yet. */
import { projectWeights, verifyResults } from '#main/catalogue/model-weights.ts'
import type { ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import type { Project } from '#main/project/project.ts'
import { groupsLeft, planId, readDone } from './stored-experiment.ts'

export type ExperimentOrder = {
  readonly experimentId: string
  /** Null where everything is done. */
  readonly jobId: string | null
}

/** Ties what older versions computed on the models of the plan to their weights, where it can be. */
async function verifyPlanned(project: Project, { groups }: ExperimentPlan): Promise<void> {
  if ((await project.store.read.runs.countUnverified()) === 0) return
  const models = groups.flatMap((group) => (group.kind === 'tuning' ? [group.model] : [group.target]))
  const distinct = new Map(models.map((model) => [JSON.stringify(model.reference), model]))
  for (const { reference, fingerprint } of distinct.values()) {
    const found = await projectWeights(project)(reference, {})
    if (found.weights === fingerprint.weights)
      await verifyResults(project, reference, fingerprint, found, null)
  }
}

/** Stores the plan and queues its missing groups, those that tune first. */
export async function orderExperiment(project: Project, plan: ExperimentPlan): Promise<ExperimentOrder> {
  const { store, queue } = project
  await verifyPlanned(project, plan)
  const experimentId = planId(plan)
  await store.write(({ experiments }) => experiments.addPlan(experimentId, plan.experiment.name, plan))
  const groups = groupsLeft(plan, await readDone(store.read))
  if (groups.length === 0) return { experimentId, jobId: null }
  const jobId = await queue.add({
    title: `Experiment: ${plan.experiment.name}`,
    kind: 'experiment',
    experimentId,
    groups: null,
    cells: groups.map(({ id, label }) => ({ label, groupId: id }))
  })
  return { experimentId, jobId }
}
